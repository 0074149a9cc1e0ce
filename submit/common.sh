# shellcheck shell=bash
# Sourced by the scripts beside it: finds Java and Spark, builds what is missing, submits.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jar=$root/target/sparkcam.jar
all=$root/target/sparkcam-all.jar
spark=$root/target/spark
main=io.sparkcam.cli.SparkCam

# Names of files and arguments are UTF-8, even where the environment does not say so.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]8 | *[Uu][Tt][Ff]-8) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac

# For the job: where conf/sparkcam.properties is.
export SPARKCAM_HOME=$root
export LOG4J_CONFIGURATION_FILE=${LOG4J_CONFIGURATION_FILE:-$root/conf/log4j2.properties}
# One task a core computes already: OpenMP threads on top of it make it slower.
export OMP_NUM_THREADS=1
# Only the shell knows whether there is a terminal to draw a progress bar on.
unset SPARKCAM_COLUMNS
if [[ -t 1 ]]; then
  SPARKCAM_COLUMNS=$(tput cols 2>/dev/null || echo 80)
  export SPARKCAM_COLUMNS
fi

# fail CODE MESSAGE
fail() {
  echo "sparkcam: $2" >&2
  exit "$1"
}

# Sets java.
find_java() {
  java=$(command -v java || true)
  if [[ -n ${JAVA_HOME:-} ]]; then
    java=$JAVA_HOME/bin/java
  fi
  [[ -n $java ]] || fail 1 "needs Java 17, found none: JAVA_HOME is not set, no java on the PATH"
  [[ -x $java ]] || fail 1 "needs Java 17, found none: JAVA_HOME is $JAVA_HOME, without bin/java"
  local said
  said=$("$java" -version 2>&1) || true
  [[ $said =~ version\ \"(([0-9]+)[^\"]*) ]] || fail 1 "needs Java 17, cannot tell what $java is"
  ((BASH_REMATCH[2] >= 17)) || fail 1 "needs Java 17, found ${BASH_REMATCH[1]}: $java"
}

# build_what_is_missing [DIRECTORY of further sources]...
build_what_is_missing() {
  local why
  if [[ ! -f $jar || ! -f $all || ! -d $spark/jars ]]; then
    why="first use"
  elif [[ -n $(find "$root/src/main" "$root/pom.xml" "$@" -newer "$jar" -print -quit) ]]; then
    why="sources have changed"
  else
    return 0
  fi
  command -v mvn >/dev/null || fail 1 "needs Maven to build ($why), found no mvn on the PATH"
  echo "building ($why) ..." >&2
  # Maven copies libraries, and leaves those that were of another version.
  [[ ! -f $jar || ! $root/pom.xml -nt $jar ]] || rm -rf "$spark" "$root/target/kubernetes"
  mvn -B -q -f "$root/pom.xml" -DskipTests package >&2 || fail 1 "the build failed"
  touch "$jar" # a build that changes nothing leaves the old time
}

# share_classes: sets shared to Java's options for an archive of the classes that a small run loads,
# which starts everything in about half the time; makes the archive where the build is newer. Without
# it, or where it does not fit (another Java, another class path), Java reads the jars.
shared=()
share_classes() {
  local archive=$root/target/classes.jsa quiet=(-Xlog:cds=off -Xlog:cds+dynamic=off -Xlog:class+path=off)
  if [[ ! -f $archive || $archive -ot $jar ]]; then
    echo "archiving classes ..." >&2
    local made
    made=$(mktemp -d "$root/target/archive.XXXXXX")
    (
      unset SPARK_HOME SPARK_CONF_DIR HADOOP_CONF_DIR YARN_CONF_DIR
      java_options="\"-XX:ArchiveClassesAtExit=$made/classes.jsa\" ${quiet[*]}"
      submit_local "$all" 1g 'local[2]' run --data "$root/src/test/resources/fashion-mnist-extract" \
        --output "$made" --run-id classes --epochs 1 --train-limit 80 --test-limit 20
    ) >/dev/null 2>&1 || rm -f "$made/classes.jsa"
    : >>"$made/classes.jsa" # empty where it could not be made, which is not tried at each start
    mv -f "$made/classes.jsa" "$archive"
    rm -rf "$made"
  fi
  [[ ! -s $archive ]] || shared=("-XX:SharedArchiveFile=$archive" "${quiet[@]}")
}

# Help and version need no Spark, and come at once.
answer_help() {
  local argument
  for argument in "$@"; do
    case $argument in
      -h | --help | -V | --version)
        exec "$java" -XX:TieredStopAtLevel=1 -cp "$all:$spark/jars/*" "$main" "$@"
        ;;
    esac
  done
}

# Prints SPARKCAM_MEMORY, else half of what there is, at least 2g and at most 8g.
driver_memory() {
  if [[ -n ${SPARKCAM_MEMORY:-} ]]; then
    [[ $SPARKCAM_MEMORY =~ ^([1-9][0-9]{0,9})([kmgKMG])$ ]] ||
      fail 2 "SPARKCAM_MEMORY: $SPARKCAM_MEMORY is not a size like 4g"
    local megabytes=${BASH_REMATCH[1]}
    case ${BASH_REMATCH[2]} in
      [kK]) megabytes=$((megabytes / 1024)) ;;
      [gG]) megabytes=$((megabytes * 1024)) ;;
    esac
    # Java itself fails in less, in words of its own.
    ((megabytes >= 450)) || fail 1 "SPARKCAM_MEMORY: $SPARKCAM_MEMORY, expected at least 512m"
    echo "$SPARKCAM_MEMORY"
    return
  fi
  local machine limit file
  machine=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    limit=$(cat "$file" 2>/dev/null || true)
    # "max" where there is no limit, or more digits than bytes anywhere
    if [[ $limit =~ ^[0-9]{1,15}$ ]] && ((limit / 1048576 < machine)); then
      machine=$((limit / 1048576))
    fi
  done
  local half=$((machine / 2))
  ((half >= 2048)) || half=2048
  ((half <= 8192)) || half=8192
  echo "${half}m"
}

# Sets conf to the --conf arguments of conf/spark-defaults.conf, driver_options to what the driver's
# Java needs by it.
read_conf() {
  conf=()
  driver_options=
  local key value
  # Without -r a backslash joins lines, as it does where Spark reads such a file.
  # shellcheck disable=SC2162
  while read key value; do
    if [[ $key == spark.* ]]; then
      conf+=(--conf "$key=$value")
    fi
    if [[ $key == spark.driver.defaultJavaOptions ]]; then
      driver_options=$value
    fi
  done <"$root/conf/spark-defaults.conf"
}

# Keeps from the terminal what Java says of every use of its vectors, which are incubating. (Not from
# files and pipes: whoever waits for Java does not wait for the filter.)
quieten_java() {
  [[ ! -t 2 ]] ||
    exec 2> >(trap '' INT TERM && exec sed -u '/^WARNING: Using incubator modules: /d' >&2)
}

# submit CLASS_PATH MEMORY [spark-submit's options] JAR [the job's arguments]
# CLASS_PATH comes before Spark's own on the driver, java_options are the user's for its Java; both may
# be empty. What is given of Spark's options comes after those of conf/, and counts.
java_options=
submit() {
  local class_path=$1 memory=$2
  shift 2
  read_conf
  local options=(--class "$main" --name SparkCAM --conf "spark.driver.memory=$memory" "${conf[@]}")
  [[ -z $java_options ]] || options+=(--driver-java-options "$java_options")
  if [[ -n ${SPARK_HOME:-} && ! $SPARK_HOME -ef $spark ]]; then
    [[ -x $SPARK_HOME/bin/spark-submit ]] ||
      fail 1 "SPARK_HOME is $SPARK_HOME, without bin/spark-submit"
    if compgen -G "$SPARK_HOME/jars/scala-library-2.13*" >/dev/null; then
      fail 1 "needs a Spark for Scala 2.12, found one for 2.13: $SPARK_HOME"
    fi
    [[ -z $class_path ]] || options+=(--driver-class-path "$class_path")
    quieten_java
    ${run_by:-exec} "$SPARK_HOME/bin/spark-submit" "${options[@]}" "$@"
    return
  fi
  # The jars that Maven resolved are a Spark too; the version says where in it the jars are.
  export SPARK_HOME=$spark SPARK_SCALA_VERSION=2.12
  [[ -z $class_path ]] || options+=(--conf "spark.driver.extraClassPath=$class_path")
  class_path=${class_path:+$class_path:}$spark/jars/*$(hadoop_conf)
  quieten_java
  local words=()
  # Quotes and backslashes as Spark reads them.
  [[ -z $java_options ]] || mapfile -t words < <(xargs -n 1 printf '%s\n' <<<"$java_options")
  # shellcheck disable=SC2086 # options are words
  ${run_by:-exec} "$java" "-Xmx$memory" ${shared[@]+"${shared[@]}"} $driver_options \
    ${words[@]+"${words[@]}"} -cp "$class_path" org.apache.spark.deploy.SparkSubmit "${options[@]}" "$@"
}

# Prints the directories of Hadoop's configuration, each with a colon before it: behind the jars, as
# Spark's own launcher has them, an archive of classes still fits.
hadoop_conf() {
  echo "${HADOOP_CONF_DIR:+:$HADOOP_CONF_DIR}${YARN_CONF_DIR:+:$YARN_CONF_DIR}"
}

# submit_local CLASS_PATH MEMORY MASTER [the job's arguments]
# One process: everything on its class path, nothing to copy. It never retries a task, so the job's
# own message is the only one that is needed. Nobody else talks to it, so the machine's name need
# not resolve.
submit_local() {
  local class_path=$1 memory=$2 master=$3
  shift 3
  # Named by this process, which becomes Java: what a killed one leaves there clean finds.
  if [[ ${JDK_JAVA_OPTIONS:-} != *-Djava.io.tmpdir=* ]]; then
    local scratch=${TMPDIR:-/tmp}/sparkcam-$$
    mkdir -p "$scratch" 2>/dev/null || fail 1 "$scratch: directory cannot be created"
    java_options="${java_options:+$java_options }\"-Djava.io.tmpdir=$scratch\""
  fi
  export SPARKCAM_TASK_LOG=off SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
  submit "$class_path" "$memory" --master "$master" --conf spark.ui.enabled=false "$jar" "$@"
}
