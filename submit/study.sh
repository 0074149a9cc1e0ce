#!/usr/bin/env bash
# submit/study.sh [OPTIONS]: accuracy by number of workers, recipe and seed, without Spark.
#
# --workers LIST  logical workers, separated by commas (1,2,4,8,16,32)
# --seeds LIST    (42,43,44)
# --epochs LIST   of each training (5)
# --recipe NAME[:KEY=VALUE,...]  may be given again; settings beside the recipe's by key (steady)
# --threads N     trainings at a time (2)
# --output DIR    (out/study); a training that is in DIR/points.jsonl is not made again
#
# Each training is the job's own to the last digit, its workers taking turns in one thread. Writes
# study.parquet (a row an epoch), study.svg, and prints the medians over the seeds. Validation is by
# the training images held out; the test images are not looked at.
set -euo pipefail
# shellcheck source=submit/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

workers=1,2,4,8,16,32 seeds=42,43,44 epochs=5 threads=2 output=out/study
recipes=()
while (($# > 0)); do
  case $1 in
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --workers | --seeds | --epochs | --recipe | --threads | --output)
      (($# > 1)) || fail 2 "$1: nothing given"
      ;;
    *) fail 2 "unknown argument $1" ;;
  esac
  case $1 in
    --recipe) recipes+=("$2") ;;
    --output) output=$2 ;;
    --threads)
      [[ $2 =~ ^[1-9][0-9]*$ ]] || fail 2 "$1: $2 is not a positive whole number"
      threads=$2
      ;;
    *)
      [[ $2 =~ ^[0-9]+(,[0-9]+)*$ ]] || fail 2 "$1: $2 is no list of whole numbers"
      printf -v "${1#--}" %s "$2"
      ;;
  esac
  shift 2
done
((${#recipes[@]} > 0)) || recipes=(steady)

find_java
build_what_is_missing "$root/src/test"
read_conf
# shellcheck disable=SC2086 # options are words
exec "$java" -Xmx2g $driver_options -cp "$root/target/test-classes:$all:$spark/jars/*" \
  io.sparkcam.bench.Study "$output" "$threads" "$epochs" "$workers" "$seeds" "${recipes[@]}"
