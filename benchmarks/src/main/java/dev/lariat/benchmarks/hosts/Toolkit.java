package dev.lariat.benchmarks.hosts;

import dev.lariat.host.Host;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A toolkit, as the benchmarks need it. Its class has a constructor without parameters. */
interface Toolkit {
  /** A new host of it; called on its thread. */
  Host newHost();

  /** The toolkit's own way to have something run on its thread. Any thread. */
  void post(Runnable event);

  /** What the toolkit has for that besides, a timer for example, and its name in the figures. */
  default Map<String, Consumer<Runnable>> otherPosts() {
    return Map.of();
  }

  /** Starts the toolkit, runs {@code body} on its thread, and returns when that has returned. */
  void run(Runnable body);

  /**
   * Opens a window, and calls {@code frame} whenever a frame of it is drawn, until that returns
   * false; then closes the window. Called on the toolkit's thread.
   */
  void animate(BooleanSupplier frame);
}
