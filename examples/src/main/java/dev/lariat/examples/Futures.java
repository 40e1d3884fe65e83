package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import java.time.Duration;

/**
 * A future says in one place that something is done, and tells all who are interested.
 *
 * <pre>{@code
 * future = loop.create_future()
 * future.add_done_callback(fn)
 * future.add_done_callback(functools.partial(fn2, "an argument"))
 * future.set_result(value)
 * }</pre>
 *
 * <p>The callbacks run one at a time, in the order they were added, and never inside {@code
 * setResult}. Other arguments than the future are captured by the lambda.
 */
class Futures {
  static void main() {
    run(Futures::program);
  }

  static void tell(String who, Future<String> future) {
    IO.println(who + " is told: " + future.result());
  }

  static void program() {
    EventLoop loop = getRunningLoop();
    Future<String> future = loop.createFuture();
    future.addDoneCallback(done -> IO.println("done: " + done.done()));
    future.addDoneCallback(done -> tell("Alice", done));
    future.addDoneCallback(done -> tell("Bob", done));

    loop.callLater(
        Duration.ofSeconds(1),
        () -> {
          future.setResult("dinner is ready");
          IO.println("the result is set");
        });

    IO.println("waiting");
    String result = future.await();
    IO.println("awaited: " + result);
  }
}
