package dev.lariat.cli.bench;

import java.util.Map;

/** One benchmark: an operation, and the least that something like it can cost on this JVM. */
interface Benchmark {
  /** The name on the command line and in the output. */
  String name();

  /** What an operation and its floor are, for {@code --list}. */
  String description();

  /** Measures, and gives the figures of one JSON line, in order. */
  Map<String, Object> measure();
}
