package dev.lariat.host;

/**
 * Nothing is ready, no timer is pending and no other thread works for the loop: it would wait for
 * ever.
 */
public final class DeadlockException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Makes one with the standard message. */
  public DeadlockException() {
    super(
        "Deadlock: nothing is ready and no timer is pending, so no task can ever go on."
            + " Some task awaits what nobody will complete; Asyncio.allTasks(loop) lists them.");
  }
}
