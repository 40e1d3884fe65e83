package dev.lariat.internal.coroutine;

import java.util.Optional;
import java.util.function.Predicate;
import jdk.internal.vm.Continuation;

/** Explains why a coroutine cannot be suspended, naming the frame that is in the way. */
public final class PinnedFrames {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.SHOW_HIDDEN_FRAMES);

  private PinnedFrames() {}

  /** Whether {@code method} is on the stack of the coroutine that runs. */
  public static boolean contain(String method) {
    return find(frame -> frame.getMethodName().equals(method)).isPresent();
  }

  /** What to throw: never returns for {@code EXCEPTION}, where the stack could not be copied. */
  static SuspensionException error(Continuation.Pinned reason) {
    if (reason == Continuation.Pinned.EXCEPTION) {
      throw new StackOverflowError("no room to save the stack of the task that awaits");
    }
    return new SuspensionException(explain(reason));
  }

  private static String explain(Continuation.Pinned reason) {
    return switch (reason) {
      case NATIVE -> nativeFrame();
      case MONITOR ->
          "Cannot await here: a monitor is held (a synchronized method or block is on the stack)."
              + " Use dev.lariat.sync.Lock, or leave the synchronized block before awaiting.";
      case CRITICAL_SECTION ->
          "Cannot await here: a modal call or another pinned section is on the stack."
              + " Start a task in the callback with createTask(...) instead of awaiting in it.";
      case EXCEPTION -> throw new AssertionError(reason);
    };
  }

  private static String nativeFrame() {
    Optional<StackWalker.StackFrame> initializer = find(f -> f.getMethodName().equals("<clinit>"));
    if (initializer.isPresent()) {
      return "Cannot await here: the static initialiser of "
          + initializer.get().getClassName()
          + " is running. Move the call out of the static initialiser,"
          + " or await before the class is first used.";
    }
    String frame =
        find(f -> f.isNativeMethod() && !f.getClassName().startsWith("jdk.internal.vm."))
            .map(f -> f.getClassName() + "." + f.getMethodName())
            .orElse("a native function that called back into Java");
    return "Cannot await here: a native frame is on the stack ("
        + frame
        + "). Start a task in the callback with createTask(...) instead of awaiting in it.";
  }

  /** Looks at the coroutine's own frames: what is below it is in nobody's way. */
  private static Optional<StackWalker.StackFrame> find(Predicate<StackWalker.StackFrame> wanted) {
    return WALKER.walk(
        frames -> frames.takeWhile(frame -> !isFiberStart(frame)).filter(wanted).findFirst());
  }

  private static boolean isFiberStart(StackWalker.StackFrame frame) {
    return frame.getClassName().equals(Fiber.class.getName())
        && frame.getMethodName().equals("start");
  }
}
