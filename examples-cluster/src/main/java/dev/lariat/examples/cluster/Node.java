package dev.lariat.examples.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A member on the loopback interface; and the program that is one, for as long as its parent lives.
 */
final class Node {
  /** Kept, because a logger that nobody keeps forgets its level. */
  private static final Logger LOGGER = Logger.getLogger("com.hazelcast");

  private Node() {}

  /** Joins the member whose address is the argument, says so, and works until its input ends. */
  static void main(String[] args) throws IOException {
    Config config = config();
    config.getNetworkConfig().getJoin().getTcpIpConfig().setRequiredMember(args[0]);
    start(config);
    IO.println("ready");
    while (System.in.read() >= 0) {
      // the parent writes nothing, and closes the pipe by ending, however it ends
    }
    Runtime.getRuntime().halt(0);
  }

  /** Starts the first member, which others join and which does no work itself. Blocks. */
  static HazelcastInstance startFirst() {
    return start(config().setLiteMember(true));
  }

  private static HazelcastInstance start(Config config) {
    LOGGER.setLevel(Level.SEVERE); // that a member was killed is worth many warnings to the others
    return Hazelcast.newHazelcastInstance(config);
  }

  private static Config config() {
    Config config = new Config();
    config.setProperty("hazelcast.logging.type", "jdk");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    // With more threads for operations, a cancellation can overtake the work that it is to cancel.
    config.setProperty("hazelcast.operation.generic.thread.count", "1");
    config
        .getExecutorConfig(Cluster.EXECUTOR)
        .setPoolSize(Runtime.getRuntime().availableProcessors());

    NetworkConfig network = config.getNetworkConfig();
    network.setPort(0).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    return config;
  }
}
