package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.Future;
import java.time.Duration;

/**
 * Waits for several awaitables, of whatever kind; the results come in the order of the arguments.
 *
 * <pre>{@code
 * async def main():
 *     await asyncio.gather(
 *         function_that_returns_a_future_object(),
 *         some_other_python_coroutine(),
 *     )
 * }</pre>
 */
class GatherResults {
  static void main() {
    run(GatherResults::program);
  }

  static Future<String> functionThatReturnsAFuture() {
    Future<String> future = getRunningLoop().createFuture();
    getRunningLoop().callLater(Duration.ofSeconds(2), () -> future.setResult("from a future"));
    return future;
  }

  static String someCoroutine() {
    sleep(Duration.ofSeconds(1));
    IO.println("the coroutine is done first");
    return "from a coroutine";
  }

  static void program() {
    IO.println(gather(functionThatReturnsAFuture(), GatherResults::someCoroutine).await());
  }
}
