package dev.lariat.internal.coroutine;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;

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
    long[] self = {Thread.currentThread().threadId()};
    ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(self, true, false)[0];
    if (info == null) {
      return;
    }
    int fiberStart = fiberStart(info.getStackTrace());
    for (MonitorInfo monitor : info.getLockedMonitors()) {
      if (monitor.getLockedStackDepth() < fiberStart) {
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

  private static int fiberStart(StackTraceElement[] stack) {
    for (int i = 0; i < stack.length; i++) {
      if (stack[i].getClassName().equals(Fiber.class.getName())
          && stack[i].getMethodName().equals("start")) {
        return i;
      }
    }
    return stack.length;
  }
}
