package dev.lariat;

/**
 * Ctrl-C ended a {@link Runner}'s main task. Leaves the loop at once. Models Python's {@code
 * KeyboardInterrupt}.
 */
public class KeyboardInterrupt extends Error {
  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public KeyboardInterrupt() {
    super("interrupted by Ctrl-C");
  }
}
