package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.Task;
import java.time.Duration;

/**
 * The short way to call a function that blocks.
 *
 * <pre>{@code
 * def some_blocking_io():
 *     time.sleep(1)
 *
 * await asyncio.to_thread(some_blocking_io)
 * }</pre>
 *
 * <p>It runs in a virtual thread, and without a global interpreter lock, so it is good for
 * computations too. Cancelling the task that waits interrupts the thread. What the function throws,
 * {@code toThread} throws, checked exceptions included.
 */
class ToThread {
  static void main() {
    run(() -> program(Duration.ofSeconds(1)));
  }

  static void someBlockingIo(Duration howLong) throws InterruptedException {
    Thread.sleep(howLong);
    IO.println("the blocking call is over");
  }

  static void program(Duration howLong) throws InterruptedException {
    Task<Void> other = createTask(() -> IO.println("another task runs meanwhile"));
    toThread(() -> someBlockingIo(howLong));
    IO.println("the other task is done: " + other.done());
  }
}
