package dev.lariat.testkit;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Runner;
import dev.lariat.Task;
import dev.lariat.host.VirtualTime;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.AssertionFailedError;

/**
 * Runs each test method as a coroutine, on a new loop of {@linkplain VirtualTime virtual time}. On
 * a class it is for all tests in it, also repeated and parameterized ones; {@link AsyncTest} is for
 * one. What runs before and after each test is not part of the coroutine.
 *
 * <p>A test fails as any other does, and also
 *
 * <ul>
 *   <li>if an error was reported to the loop's exception handler: one of a callback, or of a task
 *       or future that nobody awaited. A test that expects such a report sets a handler of its own;
 *   <li>if tasks are left that are not done. They are cancelled and waited for, as by {@code
 *       Asyncio.run};
 *   <li>if it waits for what nobody will complete, by a {@link dev.lariat.host.DeadlockException}.
 * </ul>
 */
public final class LariatExtension implements InvocationInterceptor {
  /** Made by JUnit. */
  public LariatExtension() {}

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(invocation);
  }

  private static void run(Invocation<Void> test) throws Throwable {
    List<ExceptionContext> reports = new ArrayList<>();
    Set<Task<?>> pending = Set.of();
    Throwable failure = null;
    try (Runner runner = new Runner(null, () -> new EventLoop(new VirtualTime()))) {
      EventLoop loop = runner.getLoop();
      loop.setExceptionHandler((_, report) -> reports.add(report));
      failure = runner.run(() -> outcome(test));
      pending = Asyncio.allTasks(loop);
    } catch (Throwable error) { // the loop's: a deadlock, say
      failure = error;
    }
    for (AssertionFailedError complaint : complaints(reports, pending)) {
      if (failure == null) {
        failure = complaint;
      } else {
        failure.addSuppressed(complaint);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** What the test threw; a value, so that it gets through the task as it is. */
  private static @Nullable Throwable outcome(Invocation<Void> test) {
    try {
      test.proceed();
      return null;
    } catch (Throwable error) {
      return error;
    }
  }

  private static List<AssertionFailedError> complaints(
      List<ExceptionContext> reports, Set<Task<?>> pending) {
    List<AssertionFailedError> complaints = new ArrayList<>();
    if (!pending.isEmpty()) {
      complaints.add(
          new AssertionFailedError(
              pending.stream()
                  .map(Object::toString)
                  .sorted()
                  .collect(
                      Collectors.joining(", ", "The test left tasks that are not done: ", ""))));
    }
    for (ExceptionContext report : reports) {
      complaints.add(
          new AssertionFailedError(
              "An error was reported to the loop's exception handler: " + report.message(),
              report.exception()));
    }
    return complaints;
  }
}
