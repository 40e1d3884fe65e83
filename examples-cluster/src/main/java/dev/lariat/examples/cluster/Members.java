package dev.lariat.examples.cluster;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.shield;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.Asyncio.toThread;
import static dev.lariat.process.Subprocess.createSubprocessExec;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.HazelcastInstance;
import dev.lariat.ExceptionGroup;
import dev.lariat.Task;
import dev.lariat.process.Process;
import dev.lariat.process.Stdio;
import dev.lariat.process.SubprocessOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster on this machine, until it is closed: a member in this process, which does no work, and
 * members in processes of their own.
 */
final class Members implements AutoCloseable {
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final SubprocessOptions PIPED =
      SubprocessOptions.DEFAULT.withStdin(Stdio.PIPE).withStdout(Stdio.PIPE);

  private final Task<HazelcastInstance> first = createTask(() -> toThread(() -> Node.startFirst()));
  private final List<Process> processes = new ArrayList<>();

  /**
   * The member in this process.
   *
   * <p><i>Suspends</i>: until it has started. <i>Cancellable</i>: yes; it goes on starting.
   */
  HazelcastInstance hazelcast() {
    return shield(first).await();
  }

  /**
   * Starts members, each in a process of its own.
   *
   * <p><i>Suspends</i>: until they have joined. <i>Cancellable</i>: yes; {@link #close} ends them.
   *
   * @param count how many
   * @return their processes
   * @throws ExceptionGroup if one of them could not be started
   */
  List<Process> start(int count) {
    List<Task<Process>> starting = new ArrayList<>();
    taskGroup(group -> {
      for (int i = 0; i < count; i++) {
        starting.add(group.createTask(this::startOne));
      }
    });
    return starting.stream().map(Task::result).toList();
  }

  private Process startOne() throws IOException {
    Address address = hazelcast().getCluster().getLocalMember().getAddress();
    String join = address.getHost() + ":" + address.getPort();
    Process process = createSubprocessExec(PIPED, JAVA, arguments(Node.class, join));
    processes.add(process);
    if (process.stdout().readLine() == null) {
      throw new IOException(
          "a member ended with status " + process.await() + " before it had joined");
    }
    return process;
  }

  /**
   * For Java, to run a program with the class path of this one and its options that open modules.
   */
  static String[] arguments(Class<?> program, String... args) {
    List<String> arguments =
        new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
    arguments.removeIf(option -> !option.startsWith("--"));
    arguments.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // it starts faster
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    arguments.addAll(List.of(args));
    return arguments.toArray(String[]::new);
  }

  /**
   * Ends all members.
   *
   * <p><i>Suspends</i>: until they have ended. <i>Cancellable</i>: yes; all were told to end.
   */
  @Override
  public void close() {
    processes.forEach(Process::close);
    HazelcastInstance hazelcast = hazelcast();
    toThread(() -> hazelcast.getLifecycleService().terminate());
    processes.forEach(Process::await);
  }
}
