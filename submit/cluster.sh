#!/usr/bin/env bash
# submit/cluster.sh --master URL [spark-submit options] -- [COMMAND] [OPTIONS]: the job on a cluster.
#
# -- --help lists commands and options. Data and output must be where every executor can reach
# them; conf/cluster.properties is an example of the settings: -- run --config FILE. With SPARK_HOME
# set its spark-submit is used, else the Spark that Maven resolved. One jar is sent:
# target/sparkcam-all.jar.
#
# The driver's memory is --driver-memory, else SPARKCAM_MEMORY, else half of this machine's (2g to 8g).
#
# With --deploy-mode cluster the driver runs somewhere on the cluster: its memory is then 2g where
# nothing is given, files of this machine mean nothing to it (a relative --output, --config and
# conf/sparkcam.properties), and this script waits and ends with the exit code of the job, which the
# driver leaves in a file in --output.
#
# On Kubernetes both run in the image of submit/kubernetes/Dockerfile, which has the jar:
#
#   submit/cluster.sh --master k8s://https://HOST:6443 --deploy-mode cluster \
#     --conf spark.kubernetes.container.image=REGISTRY/sparkcam -- run --data s3a://... --output s3a://...
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

master= memory= deploy_mode=client class_path= separated=
options=()
hadoop=()
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
    --master | --deploy-mode | --driver-memory | --driver-java-options | --driver-class-path | --conf | -c)
      (($# > 1)) || fail 2 "$1: nothing given"
      set -- "${1/#-c/--conf}=$2" "${@:3}"
      continue
      ;;
    --master=* | --conf=spark.master=*) master=${1##*=} ;;
    --deploy-mode=* | --conf=spark.submit.deployMode=*) deploy_mode=${1##*=} ;;
    --driver-memory=* | --conf=spark.driver.memory=*) memory=${1##*=} ;;
    --driver-java-options=*) java_options=${1#*=} ;;
    --conf=spark.driver.extraJavaOptions=*) java_options=${1#*=*=} ;;
    --driver-class-path=*) class_path=${1#*=} ;;
    --conf=spark.driver.extraClassPath=*) class_path=${1#*=*=} ;;
    --conf=*)
      options+=(--conf "${1#*=}")
      [[ $1 != --conf=spark.hadoop.* ]] || hadoop+=("-D${1#*=}")
      ;;
    *) options+=("$1") ;;
  esac
  shift
done
[[ -n $separated ]] || fail 2 "-- must come between spark-submit's options and the job's"
find_java
build_what_is_missing
answer_help "$@"
[[ -n $master ]] || fail 2 "--master: nothing given"
app=$all
if [[ $master == k8s://* ]]; then
  [[ ! ${SPARK_HOME:-} -ef $spark ]] || unset SPARK_HOME
  spark=$root/target/kubernetes
  [[ -n ${SPARK_HOME:-} || -d $spark/jars ]] ||
    fail 1 "--master $master: Spark's client of Kubernetes is not built: mvn -B -DskipTests -Pkubernetes package"
  for role in driver executor; do
    options=(--conf "spark.kubernetes.$role.podTemplateFile=$root/submit/kubernetes/pod.yaml" ${options[@]+"${options[@]}"})
  done
  # Where the image has it.
  [[ $deploy_mode != cluster ]] || app=local:///opt/sparkcam/sparkcam-all.jar
fi
options=(--master "$master" --deploy-mode "$deploy_mode" ${options[@]+"${options[@]}"})
if [[ $deploy_mode != cluster ]]; then
  [[ $deploy_mode == client ]] || fail 2 "--deploy-mode: $deploy_mode, expected client or cluster"
  submit "$class_path" "${memory:-$(driver_memory)}" "${options[@]}" "$all" "$@"
fi

# The driver on the cluster: only what every machine understands is sent.
output=
arguments=("$@")
case ${1:-run} in
  run | train | explain | -*) ;;
  *) fail 2 "$1: needs no cluster; --deploy-mode cluster is for run, train and explain" ;;
esac
while (($# > 0)); do
  case $1 in
    --output) output=${2:-} ;;
    --output=*) output=${1#*=} ;;
    --config | --config=*)
      fail 2 "--config: a file of this machine, and the driver runs on another; give its settings as options"
      ;;
  esac
  shift
done
[[ $output =~ ^(/|[a-zA-Z][a-zA-Z0-9+.-]*:) ]] ||
  fail 2 "--output: ${output:-not given}; with --deploy-mode cluster it must be absolute (hdfs://HOST/DIRECTORY)"
result=${output%/}/.submission-$(date +%s)-$$
# A standalone master starts the driver without spark.driver.defaultJavaOptions.
read_conf
java_options="$driver_options $java_options"
run_by=command
code=0
submit "$class_path" "${memory:-${SPARKCAM_MEMORY:-2g}}" "${options[@]}" \
  --conf spark.standalone.submit.waitAppCompletion=true --conf spark.yarn.maxAppAttempts=1 \
  --conf "spark.sparkcam.result=$result" "$app" ${arguments[@]+"${arguments[@]}"} || code=$?
"$java" -XX:TieredStopAtLevel=1 -Xmx256m ${hadoop[@]+"${hadoop[@]}"} \
  -cp "$all:$SPARK_HOME/jars/*$(hadoop_conf)" io.sparkcam.cluster.DriverResult "$result" "$code"
