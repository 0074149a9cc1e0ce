import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** HDFS with one data node and YARN with two node managers, in one process until it is killed. */
class HadoopCluster {
  /** Argument: an empty directory, which gets everything; its core-site.xml is written last. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]).toAbsolutePath();
    Configuration conf = new YarnConfiguration();
    conf.set("hadoop.tmp.dir", directory + "/tmp");
    conf.set("dfs.replication", "1");
    conf.set("yarn.nodemanager.resource.memory-mb", "4096");
    conf.set("yarn.nodemanager.resource.cpu-vcores", "2");
    conf.set("yarn.scheduler.minimum-allocation-mb", "64");
    conf.set("yarn.nodemanager.pmem-check-enabled", "false");
    conf.set("yarn.nodemanager.vmem-check-enabled", "false");
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    // A disk that is nearly full is taken for a broken one.
    conf.set("yarn.nodemanager.disk-health-checker.enable", "false");
    MiniDFSCluster files = new MiniDFSCluster.Builder(conf, directory.toFile()).build();
    files.waitActive();
    MiniYARNCluster yarn = new MiniYARNCluster("yarn", 2, 1, 1);
    yarn.init(conf);
    yarn.start();
    if (!yarn.waitForNodeManagersToConnect(60_000)) {
      throw new IllegalStateException("node managers have not come");
    }
    Configuration client = new Configuration(false);
    client.set("fs.defaultFS", files.getURI().toString());
    for (String key :
        List.of("yarn.resourcemanager.address", "yarn.resourcemanager.scheduler.address")) {
      client.set(key, yarn.getConfig().get(key));
    }
    Path written = directory.resolve("writing.xml");
    try (OutputStream out = Files.newOutputStream(written)) {
      client.writeXml(out);
    }
    Files.copy(written, directory.resolve("yarn-site.xml"));
    Files.move(written, directory.resolve("core-site.xml"));
    Thread.currentThread().join();
  }
}
