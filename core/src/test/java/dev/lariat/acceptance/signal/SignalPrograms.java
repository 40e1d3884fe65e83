package dev.lariat.acceptance.signal;

import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.signal.Signals.addSignalHandler;
import static dev.lariat.signal.Signals.removeSignalHandler;

import dev.lariat.Asyncio;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.sync.Event;
import java.time.Duration;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** What {@link SignalsTest} starts and sends Ctrl-C to. */
final class SignalPrograms {
  private static final Duration LONG = Duration.ofMinutes(5);

  private SignalPrograms() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "interrupt" -> Asyncio.run(SignalPrograms::interrupt);
      case "given-back" -> givenBack();
      case "afterwards" -> afterwards();
      case "put-back" -> putBack();
      case "hang-up" -> Asyncio.run(SignalPrograms::hangUp);
      default -> throw new IllegalArgumentException(args[0]);
    }
    say("end");
  }

  private static void say(String what) {
    System.out.println(what);
    System.out.flush();
  }

  private static void interrupt() {
    Event pressed = new Event();
    addSignalHandler(
        getRunningLoop(),
        "INT",
        () -> {
          say("callback");
          pressed.set();
        });
    say("ready");
    pressed.await();
    say("returned");
  }

  private static void givenBack() {
    try {
      Asyncio.run(() -> {
        addSignalHandler(getRunningLoop(), "INT", () -> say("callback"));
        removeSignalHandler(getRunningLoop(), "INT");
        say("ready");
        sleep(LONG);
      });
    } catch (KeyboardInterrupt expected) {
      say("KeyboardInterrupt");
    }
  }

  /** The loop is closed with its handler in place, after the runner has given up its own. */
  private static void afterwards() throws InterruptedException {
    Asyncio.run(() -> addSignalHandler(getRunningLoop(), "INT", () -> say("callback")));
    say("ready");
    Thread.sleep(LONG);
  }

  private static void putBack() throws InterruptedException {
    Signal interrupt = new Signal("INT");
    SignalHandler[] found = new SignalHandler[1];
    Asyncio.run(() -> {
      addSignalHandler(getRunningLoop(), "INT", () -> say("callback"));
      found[0] = Signal.handle(interrupt, _ -> say("library"));
    });
    Signal.handle(interrupt, found[0]);
    say("ready");
    Thread.sleep(LONG);
  }

  private static void hangUp() {
    addSignalHandler(getRunningLoop(), "HUP", () -> say("callback"));
  }
}
