package dev.lariat;

import dev.lariat.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * How a task is made: the keyword arguments of {@code asyncio.create_task}.
 *
 * @param name the name, or null for {@code Task-N}
 * @param context the context to run in, not copied; null for a copy of the current one
 * @param eagerStart whether the first step runs at once; null leaves it to the task factory
 */
public record TaskOptions(
    @Nullable String name, @Nullable Context context, @Nullable Boolean eagerStart) {

  /** The defaults. */
  public static final TaskOptions DEFAULT = new TaskOptions(null, null, null);

  /**
   * Options with a name.
   *
   * @param name the name
   * @return the options
   */
  public static TaskOptions named(String name) {
    return DEFAULT.withName(name);
  }

  /**
   * Options with eager start on or off.
   *
   * @param eagerStart whether the first step runs at once
   * @return the options
   */
  public static TaskOptions eager(boolean eagerStart) {
    return DEFAULT.withEagerStart(eagerStart);
  }

  /**
   * These options with another name.
   *
   * @param newName the name, or null for {@code Task-N}
   * @return the options
   */
  public TaskOptions withName(@Nullable String newName) {
    return new TaskOptions(newName, context, eagerStart);
  }

  /**
   * These options with another context.
   *
   * @param newContext the context to share, or null for a copy of the current one
   * @return the options
   */
  public TaskOptions withContext(@Nullable Context newContext) {
    return new TaskOptions(name, newContext, eagerStart);
  }

  /**
   * These options with eager start on or off.
   *
   * @param eager whether the first step runs at once; null leaves it to the task factory
   * @return the options
   */
  public TaskOptions withEagerStart(@Nullable Boolean eager) {
    return new TaskOptions(name, context, eager);
  }
}
