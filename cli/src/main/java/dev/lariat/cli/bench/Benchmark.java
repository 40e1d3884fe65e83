package dev.lariat.cli.bench;

import java.util.Map;

/**
 * One benchmark: operations, and the least that something like them can cost on this JVM. Those on
 * the class path are found by {@link java.util.ServiceLoader}, beside the kernel's.
 */
public interface Benchmark {
  /** {@return the name on the command line and in the output} */
  String name();

  /** {@return what an operation and its floor are, for {@code --list}} */
  String description();

  /**
   * Measures.
   *
   * @return the figures of each line of output, in order; what takes long may measure a line when
   *     it is asked for, which is printed before the next
   */
  Iterable<Map<String, Object>> measure();
}
