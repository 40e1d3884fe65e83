package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import java.time.Duration;

/**
 * The first program of every asyncio tutorial.
 *
 * <pre>{@code
 * async def main():
 *     print("Hello ...")
 *     await asyncio.sleep(1)
 *     print("... World!")
 *
 * asyncio.run(main())
 * }</pre>
 *
 * <p>There is no {@code async} to write: any method may wait, if a task calls it. {@code run} makes
 * an event loop, makes the method its main task, and closes the loop when that task is done.
 */
class HelloWorld {
  static void main() {
    run(HelloWorld::hello);
  }

  static void hello() {
    IO.println("Hello ...");
    sleep(Duration.ofSeconds(1));
    IO.println("... World!");
  }
}
