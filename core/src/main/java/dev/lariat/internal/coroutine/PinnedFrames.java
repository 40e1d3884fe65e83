package dev.lariat.internal.coroutine;

import java.util.Optional;
import jdk.internal.vm.Continuation;

/** Explains why a coroutine cannot be suspended, naming the frame that is in the way. */
final class PinnedFrames {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.SHOW_HIDDEN_FRAMES);

  private PinnedFrames() {}

  static String explain(Continuation.Pinned reason) {
    return switch (reason) {
      case NATIVE -> nativeFrame();
      case MONITOR ->
          "Cannot await here: a monitor is held (a synchronized method or block is on the stack)."
              + " Use dev.lariat.sync.Lock, or leave the synchronized block before awaiting.";
      case CRITICAL_SECTION ->
          "Cannot await here: a modal call or another pinned section is on the stack."
              + " Start a task in the callback with createTask(...) instead of awaiting in it.";
      case EXCEPTION ->
          "Cannot await here: the JVM had no room to save the stack (out of memory or stack).";
    };
  }

  private static String nativeFrame() {
    Optional<StackWalker.StackFrame> initializer = find("<clinit>");
    if (initializer.isPresent()) {
      return "Cannot await here: the static initialiser of "
          + initializer.get().getClassName()
          + " is running. Move the call out of the static initialiser, or await before the class is first used.";
    }
    String frame =
        WALKER.walk(
            frames ->
                frames
                    .filter(f -> f.isNativeMethod() && !f.getClassName().startsWith("jdk.internal.vm."))
                    .map(f -> f.getClassName() + "." + f.getMethodName())
                    .findFirst()
                    .orElse("a native function that called back into Java"));
    return "Cannot await here: a native frame is on the stack ("
        + frame
        + "). Start a task in the callback with createTask(...) instead of awaiting in it.";
  }

  private static Optional<StackWalker.StackFrame> find(String method) {
    return WALKER.walk(frames -> frames.filter(f -> f.getMethodName().equals(method)).findFirst());
  }
}
