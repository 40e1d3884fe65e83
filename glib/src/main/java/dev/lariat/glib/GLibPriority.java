package dev.lariat.glib;

/**
 * GLib's priorities of main loop sources: the lower the number, the sooner. A source runs only
 * while none of a lower number has anything to do.
 */
public final class GLibPriority {
  /** {@code G_PRIORITY_HIGH}: before everything else. */
  public static final int HIGH = -100;

  /** {@code G_PRIORITY_DEFAULT}: input, I/O, and an event loop unless told otherwise. */
  public static final int DEFAULT = 0;

  /** {@code G_PRIORITY_HIGH_IDLE}. */
  public static final int HIGH_IDLE = 100;

  /** {@code GDK_PRIORITY_REDRAW}: at which GTK draws its windows. */
  public static final int REDRAW = 120;

  /** {@code G_PRIORITY_DEFAULT_IDLE}: for background work, below drawing. */
  public static final int DEFAULT_IDLE = 200;

  /** {@code G_PRIORITY_LOW}: for background work that nobody waits for. */
  public static final int LOW = 300;

  private GLibPriority() {}
}
