package dev.lariat.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A JVM like this one, for what is to be measured apart. */
public final class ChildJvm {
  private ChildJvm() {}

  /**
   * {@return the command that starts it, with this JVM's options and class path}
   *
   * @param option one more of the JVM's
   * @param main the class to run
   * @param arguments for its {@code main}
   */
  public static List<String> command(String option, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add(option);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Collections.addAll(command, arguments);
    return command;
  }
}
