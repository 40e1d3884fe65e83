package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import java.time.Duration;

/**
 * {@code sleep} suspends the task, and not the thread: two tasks that sleep ten seconds each take
 * ten seconds together. {@code Thread.sleep} would stop the whole loop.
 *
 * <pre>{@code
 * await asyncio.sleep(10)  # pause 10 seconds
 * }</pre>
 */
class Sleeping {
  static void main() {
    run(Sleeping::program);
  }

  static void program() {
    EventLoop loop = getRunningLoop();
    Duration start = loop.time();
    Coroutine<String> pause = () -> sleep(Duration.ofSeconds(10), "paused");
    IO.println("nobody sleeps yet");

    IO.println(gather(pause, () -> sleep(Duration.ofSeconds(10), "paused too")).await());
    IO.println(loop.time().minus(start).toSeconds() + " seconds");
  }
}
