package dev.lariat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lariat.EventLoop;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("The contract, on a loop that has a thread of its own, as a toolkit's does")
class OtherThreadContractTest extends EventLoopContract {
  @Override
  protected EventLoop newLoop() {
    assertEquals("toolkit", Thread.currentThread().getName());
    return new EventLoop();
  }

  @Override
  protected void onLoopThread(Executable test) throws Throwable {
    FutureTask<Throwable> work =
        new FutureTask<>(() -> {
          try {
            test.execute();
            return null;
          } catch (Throwable error) {
            return error;
          }
        });
    new Thread(work, "toolkit").start();
    Throwable failure = work.get();
    if (failure != null) {
      throw failure;
    }
  }
}
