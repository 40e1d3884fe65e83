package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.TimeoutException;
import java.time.Duration;

/**
 * {@code wait_for}: a time limit for one awaitable.
 *
 * <pre>{@code
 * async def eternity():
 *     await asyncio.sleep(3600)
 *     print("yay!")
 *
 * async def main():
 *     try:
 *         await asyncio.wait_for(eternity(), timeout=1.0)
 *     except TimeoutError:
 *         print("timeout!")
 * }</pre>
 */
class Eternity {
  static void main() {
    run(Eternity::program);
  }

  static String eternity() {
    sleep(Duration.ofHours(1));
    return "yay!";
  }

  static void program() {
    try {
      IO.println(waitFor(Eternity::eternity, Duration.ofSeconds(1)));
    } catch (TimeoutException e) {
      IO.println("timeout!");
    }
  }
}
