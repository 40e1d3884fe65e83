package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import java.time.Duration;

/**
 * What a coroutine returns, {@code run} returns.
 *
 * <pre>{@code
 * async def func(args):
 *     # do stuff...
 *     return result
 *
 * result = asyncio.run(func(args))
 * }</pre>
 *
 * <p>The lambda carries the arguments.
 */
class RunACoroutine {
  static void main() {
    int result = run(() -> add(40, 2));
    IO.println("the result is " + result);
  }

  static int add(int a, int b) {
    IO.println("doing stuff ...");
    sleep(Duration.ofMillis(10));
    return a + b;
  }
}
