#!/usr/bin/env bash
# What the image runs: "driver" with spark-submit's arguments or "executor", as Spark asks its pods
# to, or any other command.
set -euo pipefail
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
class_path=${SPARK_CONF_DIR:+$SPARK_CONF_DIR:}${HADOOP_CONF_DIR:+$HADOOP_CONF_DIR:}$SPARK_HOME/jars/*
case ${1:-} in
  driver)
    shift
    # Spark's launcher knows from the submission's settings what the driver's Java is given. It prints
    # the command's words, each with a null character behind it, after a null character and a newline.
    mapfile -d '' words < <("$java" -Xmx128m -cp "$class_path" \
      org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit \
      --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" \
      --conf "spark.executorEnv.SPARK_DRIVER_POD_IP=$SPARK_DRIVER_BIND_ADDRESS" \
      --deploy-mode client "$@")
    exec "${words[1]#$'\n'}" "${words[@]:2}"
    ;;
  executor)
    options=()
    for ((i = 0; ; i++)); do
      name=SPARK_JAVA_OPT_$i
      [[ -v $name ]] || break
      options+=("${!name}")
    done
    exec "$java" ${options[@]+"${options[@]}"} "-Xms$SPARK_EXECUTOR_MEMORY" \
      "-Xmx$SPARK_EXECUTOR_MEMORY" -cp "${SPARK_EXTRA_CLASSPATH:+$SPARK_EXTRA_CLASSPATH:}$class_path" \
      org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
      --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" \
      --cores "$SPARK_EXECUTOR_CORES" --app-id "$SPARK_APPLICATION_ID" \
      --hostname "$SPARK_EXECUTOR_POD_IP" --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" \
      --podName "$SPARK_EXECUTOR_POD_NAME"
    ;;
  *)
    exec "$@"
    ;;
esac
