#!/usr/bin/env bash
# submit/local.sh [COMMAND] [OPTIONS]: the job on this machine. --help lists commands and options.
#
# SPARK_MASTER     where it runs (local[*])
# SPARK_HOME       the Spark to use (the one that Maven resolved)
# SPARKCAM_MEMORY  of the driver, which is everything on a local master (half the machine's, 2g to 8g)
set -euo pipefail
# shellcheck source=submit/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Where no data is named, none is installed and none can be downloaded, Debian and Ubuntu have it as
# a package.
provide_data() {
  case ${1:-run} in
    run | train | explain | -*) ;;
    *) return 0 ;;
  esac
  if [[ -d /usr/share/datasets/fashion-mnist ]] || ((EUID != 0)) || ! command -v apt-get >/dev/null
  then
    return 0
  fi
  local code=0
  "$java" -cp "$all:$spark/jars/*" "$main" locate-data "$@" >/dev/null 2>&1 || code=$?
  if ((code == 1)); then
    echo "installing the Debian package dataset-fashion-mnist ..." >&2
    # Where this fails too, the job says what it is missing.
    { install_data || { apt-get update && install_data; }; } >/dev/null 2>&1 || true
  fi
}

install_data() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends dataset-fashion-mnist
}

# What needs no Spark starts none, and stays too short for a better compiler.
answer_without_spark() {
  case ${1:-run} in
    report | show-cam | show-maps | show-image | diff | drift | localise | prove | clean)
      exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${shared[@]+"${shared[@]}"} \
        ${TMPDIR:+"-Djava.io.tmpdir=$TMPDIR"} \
        -cp "$all:$spark/jars/*$(hadoop_conf)" "$main" "$@"
      ;;
  esac
}

find_java
build_what_is_missing
answer_help "$@"
share_classes
answer_without_spark "$@"
provide_data "$@"
memory=$(driver_memory)
master=${SPARK_MASTER:-local[*]}
case $master in
  local | local\[*) submit_local "$all" "$memory" "$master" "$@" ;;
  *) submit "" "$memory" --master "$master" "$all" "$@" ;;
esac
