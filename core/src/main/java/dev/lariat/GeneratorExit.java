package dev.lariat;

/**
 * Thrown where an asynchronous generator stands when it is closed, and in a task that is still
 * suspended when its loop closes, so that {@code finally} blocks run. Do not swallow it. Models
 * Python's {@code GeneratorExit}.
 */
public final class GeneratorExit extends Error {
  private static final long serialVersionUID = 1L;

  GeneratorExit() {
    super("closed while suspended");
  }
}
