#!/usr/bin/env bash
# submit/cluster.sh --master URL [spark-submit options] -- [COMMAND] [OPTIONS]: the job on a cluster.
#
# -- --help lists commands and options. Data and output must be where every executor can reach
# them; conf/cluster.properties is an example of the settings: -- run --config FILE. With SPARK_HOME
# set its spark-submit is used, else the Spark that Maven resolved.
#
# A cluster of this machine alone, without a Spark installation:
#
#   export SPARK_HOME="$PWD/target/spark" SPARK_SCALA_VERSION=2.12
#   java -cp "$SPARK_HOME/jars/*" org.apache.spark.deploy.master.Master --host localhost &
#   java -cp "$SPARK_HOME/jars/*" org.apache.spark.deploy.worker.Worker spark://localhost:7077 &
#   submit/cluster.sh --master spark://localhost:7077 --executor-cores 1 -- run
set -euo pipefail
# shellcheck source=submit/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

master= memory= jars= separated=
options=()
while (($# > 0)); do
  case $1 in
    --)
      separated=yes
      shift
      break
      ;;
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    # These have a value that is looked at here, given as the next word or after an equals sign.
    --master | --driver-memory | --jars)
      (($# > 1)) || fail 2 "$1: nothing given"
      set -- "$1=$2" "${@:3}"
      continue
      ;;
    --master=*) master=${1#*=} ;;
    --driver-memory=*) memory=${1#*=} ;;
    --jars=*) jars=,${1#*=} ;;
    *) options+=("$1") ;;
  esac
  shift
done
[[ -n $separated ]] || fail 2 "-- must come between spark-submit's options and the job's"
find_java
build_what_is_missing
answer_help "$@"
[[ -n $master ]] || fail 2 "--master: nothing given"
memory=${memory:-$(driver_memory)}
submit "" "$memory" --master "$master" --jars "$(libraries)$jars" \
  ${options[@]+"${options[@]}"} "$jar" "$@"
