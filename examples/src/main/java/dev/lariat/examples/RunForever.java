package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.EventLoop;
import java.time.Duration;

/**
 * A loop that goes on until it is told to stop: {@code loop.run_forever()} and {@code loop.stop()}.
 *
 * <p>{@code stop} lets everything run that is ready by then.
 */
class RunForever {
  static void main() {
    try (EventLoop loop = newEventLoop()) {
      program(loop);
    }
  }

  static void tick(EventLoop loop, int count) {
    IO.println("tick " + count);
    if (count < 3) {
      loop.callLater(Duration.ofSeconds(1), () -> tick(loop, count + 1));
    } else {
      loop.stop();
      IO.println("told to stop");
    }
  }

  static void program(EventLoop loop) {
    loop.callSoon(() -> tick(loop, 1));
    loop.runForever();
    IO.println("stopped; running: " + loop.isRunning());
  }
}
