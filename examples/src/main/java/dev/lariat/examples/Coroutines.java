package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.Coroutine;

/**
 * A coroutine does not run when it is made; it runs when it is awaited.
 *
 * <pre>{@code
 * async def coro_function():
 *     return 2 + 2
 *
 * coro = coro_function()
 * # not executed yet; coro is a coroutine, not 4
 *
 * print(await coro)
 * # prints "4"
 * }</pre>
 *
 * <p>In Java the two steps look like what they are: a method reference (or a lambda) makes the
 * coroutine, and a plain call runs it. So most code has no {@code await} in it at all.
 */
class Coroutines {
  static void main() {
    run(Coroutines::program);
  }

  static int twoPlusTwo() {
    IO.println("computing");
    return 2 + 2;
  }

  static void program() {
    Coroutine<Integer> coroutine = Coroutines::twoPlusTwo;
    IO.println("not executed yet; a coroutine: " + iscoroutine(coroutine));

    IO.println(await(coroutine));

    IO.println(twoPlusTwo()); // the same, as one writes it
  }
}
