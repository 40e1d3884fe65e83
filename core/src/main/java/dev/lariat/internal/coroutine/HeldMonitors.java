package dev.lariat.internal.coroutine;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.List;

/**
 * Debug mode's look for monitors held by the coroutine that is about to suspend. The JVM would let
 * it, and then the loop can deadlock on itself. Costs some 90 microseconds a look.
 */
public final class HeldMonitors {
  private HeldMonitors() {}

  /**
   * Returns if the running fiber holds no monitor.
   *
   * @throws SuspensionException naming the monitor and the frame that took it
   */
  public static void check() {
    check(Fiber.class.getName(), "resume");
  }

  /** Likewise for the generator that is about to yield. */
  public static void checkGenerator() {
    check("jdk.internal.vm.Continuation", "enterSpecial");
  }

  /**
   * Looks at the frames above the innermost call of {@code method}. Those are frames of native or
   * running code, below the coroutine: of one that was suspended before, the JVM shows only what it
   * has brought back to the stack, and no frame that could have kept a monitor is missing.
   */
  private static void check(String boundary, String method) {
    long[] self = {Thread.currentThread().threadId()};
    ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(self, true, false)[0];
    if (info == null) {
      return;
    }
    List<StackTraceElement> inside =
        Arrays.stream(info.getStackTrace())
            .takeWhile(frame ->
                !frame.getClassName().equals(boundary) || !frame.getMethodName().equals(method))
            .toList();
    for (MonitorInfo monitor : info.getLockedMonitors()) {
      if (inside.contains(monitor.getLockedStackFrame())) {
        throw new SuspensionException(
            "Cannot await here: the monitor of a "
                + monitor.getClassName()
                + " is held by "
                + monitor.getLockedStackFrame()
                + ". Another task that enters it would stop the whole loop."
                + " Use dev.lariat.sync.Lock, or leave the synchronized block before awaiting.");
      }
    }
  }
}
