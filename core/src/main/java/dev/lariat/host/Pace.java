package dev.lariat.host;

import dev.lariat.Task;

/**
 * When a task that is ready may take its next step: for background work, which should go on only
 * while its toolkit has nothing better to do. Set by {@link Task#setPace}.
 */
@FunctionalInterface
public interface Pace {
  /**
   * Told that a task is ready. <i>Thread</i>: the loop's.
   *
   * @param step lets the task go on; to be run once, on the loop's thread
   */
  void whenReady(Runnable step);
}
