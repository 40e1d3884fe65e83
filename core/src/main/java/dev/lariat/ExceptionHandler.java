package dev.lariat;

/**
 * Told of errors that nobody else can be told of. Models the callable of {@code
 * loop.set_exception_handler}.
 */
@FunctionalInterface
public interface ExceptionHandler {
  /**
   * Called in the context of the task or handle concerned, on the loop's thread.
   *
   * @param loop the loop
   * @param context what happened
   */
  void handle(EventLoop loop, ExceptionContext context);
}
