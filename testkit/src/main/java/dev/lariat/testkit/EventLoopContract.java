package dev.lariat.testkit;

import dev.lariat.EventLoop;
import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.function.Executable;

/**
 * The tests that every event loop must pass: a loop is tested by a subclass that makes one.
 *
 * <pre>{@code
 * class MyLoopContractTest extends EventLoopContract {
 *   @Override
 *   protected EventLoop newLoop() {
 *     return new MyLoop();
 *   }
 * }
 * }</pre>
 *
 * <p>All checks go through the public API. Each test has a loop of its own, which is closed at its
 * end, and fails if the loop reported an error that it did not expect. Where a test needs the
 * loop's clock to move it waits a few milliseconds, so that all of them together are quick on a
 * real clock.
 */
@ExtendWith(EventLoopContract.OnLoopThread.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class EventLoopContract extends HazardContract {
  /** For subclasses. */
  protected EventLoopContract() {}

  /**
   * Makes a loop. Called once or twice a test, on the thread that will run it.
   *
   * @return a new loop; the contract closes it
   */
  @Override
  protected abstract EventLoop newLoop();

  /**
   * Runs a test: makes the loop, runs and closes it. A loop that can run on one thread only, as a
   * toolkit's, overrides this to go there, and to wait for the end of the test.
   *
   * @param test what to run
   * @throws Throwable what the test failed with
   */
  protected void onLoopThread(Executable test) throws Throwable {
    test.execute();
  }

  /** Puts {@link #onLoopThread} round each test. */
  static final class OnLoopThread implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> method,
        ExtensionContext context)
        throws Throwable {
      if (context.getRequiredTestInstance() instanceof EventLoopContract contract) {
        contract.onLoopThread(() -> contract.runWith(contract.newLoop(), invocation::proceed));
      } else {
        invocation.proceed();
      }
    }
  }
}
