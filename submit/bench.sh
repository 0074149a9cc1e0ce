#!/usr/bin/env bash
# submit/bench.sh [--quick] [--only NAME[,NAME]...]: measures this machine, a line a figure: name value unit.
#
# Lines that start with # say what machine it is and how it is measured. Nothing else should compute
# meanwhile. --quick takes less than a minute: it measures less, to see that it works.
#
# SPARK_HOME       the Spark to use (the one that Maven resolved)
# SPARKCAM_MEMORY  of the driver, which is everything here (half the machine's, 2g to 8g; where the
#                  peak of memory is measured, 512m)
set -euo pipefail
# shellcheck source=submit/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# In one process, warm.
on_spark=(
  train_images_per_s train_images_per_s_per_worker round_overhead_share
  averaging_round_overhead_ms empty_job_ms
  explain_images_per_s explain_forward_images_per_s explain_onnx_share
  train_scaling_6000_us_per_image train_scaling_60000_us_per_image
  train_scaling_600000_us_per_image
)
# In a process each.
others=(
  cam_zoom_maps_per_s explain_peak_rss_mb_10000 explain_peak_rss_mb_100000 startup_s
  ingest_folder_s ingest_folder_one_core_s ingest_table_s
)

effort=full
starts=5
wanted=()
while (($# > 0)); do
  case $1 in
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      printf '\nFigures:\n'
      printf '  %s\n' "${on_spark[@]}" "${others[@]}"
      exit 0
      ;;
    --quick) effort=quick starts=1 ;;
    --only)
      IFS=, read -ra wanted <<<"${2:-}"
      ((${#wanted[@]} > 0)) || fail 2 "--only: nothing given"
      shift
      ;;
    *) fail 2 "unknown argument $1" ;;
  esac
  shift
done
for name in ${wanted[@]+"${wanted[@]}"}; do
  [[ " ${on_spark[*]} ${others[*]} " == *" $name "* ]] || fail 2 "unknown figure $name: see --help"
done
((${#wanted[@]} > 0)) || wanted=("${on_spark[@]}" "${others[@]}")

# selected NAME...: prints the ones that are wanted.
selected() {
  local name
  for name in "$@"; do
    [[ " ${wanted[*]} " != *" $name "* ]] || echo "$name"
  done
}

# java_main CLASS [ARGUMENTS]
java_main() {
  "$java" -cp "$class_path:$spark/jars/*" "io.sparkcam.bench.$@"
}

# spark_main CLASS MEMORY [ARGUMENTS]
spark_main() (
  main=io.sparkcam.bench.$1
  submit_local "$class_path" "$2" "local[${cores:-2}]" "${@:3}"
)

# peak_memory NAME: the command explain, in a process of its own.
peak_memory() (
  # Half the time goes into compiling, which a short run has nothing of.
  [[ $effort == full ]] || export JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1
  [[ -f $work/model.zip ]] || java_main ExplainInput "$effort" "$work"
  spark_main PeakMemory "$peak_heap" "$1" explain --model "$work/model.zip" \
    --data "$work/${1##*_}" --output "$work/out" --run-id "$1"
)

startup() {
  local times i
  times=$(for ((i = 0; i < starts; i++)); do
    spark_main SparkStart "$memory" "${EPOCHREALTIME/[^0-9]/}" || exit 1
  done)
  echo "startup_s $(sort -n <<<"$times" | sed -n "$((starts / 2 + 1))p") s"
}

unset SPARKCAM_COLUMNS
find_java
build_what_is_missing "$root/src/test"
class_path="$root/target/test-classes:$root/target/jmh/*:$all"
memory=$(driver_memory)
# The heap's limit decides how much garbage is kept: the same on every machine, and little, so that
# what is measured is what the work needs.
peak_heap=${SPARKCAM_MEMORY:-512m}
# Where runs would be, not where memory may be taken for a disk.
work=$(mktemp -d "$root/target/bench-XXXXXX")
trap 'rm -rf "$work"' EXIT

java_main Heading "$effort" "$memory" "$peak_heap" "$starts"
mapfile -t names < <(selected "${on_spark[@]}")
if ((${#names[@]} > 0)); then
  spark_main SparkFigures "$memory" "$effort" "$work" "${names[@]}"
fi
for name in $(selected "${others[@]}"); do
  case $name in
    cam_zoom_*) java_main CamZoom "$effort" ;;
    explain_peak_*) peak_memory "$name" ;;
    startup_s) startup ;;
    ingest_*_one_core_s) cores=1 spark_main IngestTime "$memory" "$effort" "$work" "$name" ;;
    ingest_*) spark_main IngestTime "$memory" "$effort" "$work" "$name" ;;
  esac
done
