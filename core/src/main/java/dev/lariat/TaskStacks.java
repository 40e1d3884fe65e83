package dev.lariat;

import dev.lariat.internal.coroutine.Fiber;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Reads the stacks of tasks. */
final class TaskStacks {
  private TaskStacks() {}

  static List<StackTraceElement> stack(Task<?> task) {
    if (task.done()) {
      return task.cancelled() ? List.of() : trace(task);
    }
    Fiber fiber = task.fiber;
    if (fiber == null) {
      return List.of();
    }
    boolean running = task.loop.scheduler.current == task;
    StackTraceElement[] frames = running ? new Throwable().getStackTrace() : fiber.getStackTrace();
    return Arrays.stream(frames)
        .dropWhile(TaskStacks::isKernel)
        .takeWhile(frame -> !isTaskStart(frame))
        .toList();
  }

  private static List<StackTraceElement> trace(Task<?> task) {
    Throwable error = task.peekException();
    return error == null
        ? List.of()
        : Arrays.stream(Objects.requireNonNull(error).getStackTrace())
            .takeWhile(frame -> !isTaskStart(frame))
            .toList();
  }

  private static boolean isKernel(StackTraceElement frame) {
    String name = frame.getClassName();
    return name.startsWith("jdk.internal.vm.")
        || name.startsWith("dev.lariat.internal.")
        || name.equals(TaskStacks.class.getName())
        || name.equals(Task.class.getName())
        || name.equals(Future.class.getName());
  }

  private static boolean isTaskStart(StackTraceElement frame) {
    return frame.getClassName().equals(Task.class.getName())
        && frame.getMethodName().equals("runBody");
  }
}
