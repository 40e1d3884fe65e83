package dev.lariat.testkit;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.event.Registration;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.Host;
import dev.lariat.host.HostApplication;
import dev.lariat.host.LastWindow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The life of an application, on the toy toolkit and on virtual time. */
@Timeout(30)
class HostApplicationTest {
  private final ToyToolkit toolkit = new ToyToolkit();
  private final List<String> order = new ArrayList<>();
  private final List<ExceptionContext> reports = new ArrayList<>();

  private static final ApplicationOptions RETURNING =
      ApplicationOptions.DEFAULT.withKeepRunning(false);

  private <T> T run(ApplicationOptions options, Coroutine<T> main) {
    Host host = new VirtualTimeHost(toolkit.newHost());
    return HostApplication.run(
        host,
        options,
        () -> {
          getRunningLoop().setExceptionHandler((_, report) -> reports.add(report));
          return main.run();
        });
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  /** A task that says how it ended. */
  private void background(String name, int seconds) {
    createTask(() -> {
      try {
        sleep(seconds(seconds));
        order.add(name + " ended");
      } catch (CancelledError error) {
        order.add(name + " was cancelled");
        throw error;
      }
    });
  }

  /** Closes the only window, as a user would; tells whether that was allowed. */
  private boolean closeWindow() {
    boolean allowed = toolkit.windows().mayClose();
    if (allowed) {
      toolkit.windows().lastClosed();
    }
    return allowed;
  }

  // -- its end -----------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "it ends with its main coroutine, unless it is to keep running; what is left is cancelled")
  void endsWithMain() {
    assertThat(
            run(
                RETURNING,
                () -> {
                  background("other", 60);
                  sleep(seconds(1));
                  return "value";
                }))
        .isEqualTo("value");
    assertThat(order).containsExactly("other was cancelled");
    assertThat(reports).isEmpty();
  }

  @Test
  @DisplayName("it keeps running until it is told to quit, and still gives the value")
  void keepsRunning() {
    assertThat(
            run(
                ApplicationOptions.DEFAULT,
                () -> {
                  HostApplication application = HostApplication.current();
                  assertThat(application.getLoop()).isSameAs(getRunningLoop());
                  background("short", 5);
                  getRunningLoop().callLater(seconds(10), application::quit);
                  return "value";
                }))
        .isEqualTo("value");
    assertThat(order).containsExactly("short ended");
  }

  @Test
  @DisplayName("closing the last window ends it; a main coroutine that was cancelled gives null")
  void lastWindow() {
    String value =
        run(
            ApplicationOptions.DEFAULT,
            () -> {
              getRunningLoop().callLater(seconds(1), () -> assertThat(closeWindow()).isTrue());
              sleep(seconds(60));
              return "never";
            });
    assertThat(value).isNull();
  }

  @Test
  @DisplayName("LastWindow.WAIT: the application goes on without a window until its tasks are done")
  void waits() {
    run(
        ApplicationOptions.DEFAULT.withLastWindow(LastWindow.WAIT),
        () -> {
          background("long", 60);
          closeWindow();
          return "";
        });
    assertThat(order).containsExactly("long ended");
  }

  @Test
  @DisplayName("LastWindow.REFUSE: the window stays while there are tasks, the main one aside")
  void refuses() {
    run(
        ApplicationOptions.DEFAULT.withLastWindow(LastWindow.REFUSE),
        () -> {
          background("busy", 5);
          assertThat(closeWindow()).isFalse();
          sleep(seconds(10));
          order.add("idle");
          Registration hold = HostApplication.current().hold();
          assertThat(closeWindow()).isFalse();
          hold.close();
          assertThat(closeWindow()).isTrue();
          return "";
        });
    assertThat(order).containsExactly("busy ended", "idle");
  }

  @Test
  @DisplayName("tasks that will not end within the grace period are unwound, and reported")
  void grace() {
    run(
        RETURNING.withGrace(seconds(3)),
        () -> {
          createTask(() -> {
            try {
              while (true) {
                try {
                  sleep(seconds(1));
                } catch (CancelledError ignored) {
                  order.add("will not be cancelled, at " + getRunningLoop().time().toSeconds());
                }
              }
            } finally {
              order.add("unwound");
            }
          });
          sleep(seconds(2));
          return "";
        });
    assertThat(order).containsExactly("will not be cancelled, at 2", "unwound");
    assertThat(reports)
        .extracting(ExceptionContext::message)
        .containsExactly("Task was destroyed but it is pending!");
  }

  // -- holds -------------------------------------------------------------------------------------

  @Test
  @DisplayName("a task that holds the application is waited for, and the others only that long")
  void holds() {
    run(
        ApplicationOptions.DEFAULT,
        () -> {
          background("other", 60);
          HostApplication.current()
              .createHoldingTask(() -> {
                sleep(seconds(10));
                order.add("held until " + getRunningLoop().time().toSeconds());
                return "";
              });
          Registration hold = HostApplication.current().hold();
          hold.close();
          hold.close(); // counts once
          closeWindow();
          return "";
        });
    assertThat(order).containsExactly("held until 10", "other was cancelled");
  }

  // -- errors ------------------------------------------------------------------------------------

  @Test
  @DisplayName("a main coroutine that fails ends the application, which throws that")
  void failingMain() {
    assertThatThrownBy(() ->
            run(
                ApplicationOptions.DEFAULT,
                () -> {
                  background("other", 60);
                  throw new IOException("main");
                }))
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("main");
    assertThat(order).containsExactly("other was cancelled");
    assertThat(reports).isEmpty();
  }

  @Test
  @DisplayName("what fails while it ends is reported")
  void failingAtTheEnd() {
    run(
        RETURNING,
        () -> {
          createTask(() -> {
            try {
              sleep(seconds(60));
            } catch (CancelledError error) {
              throw new IllegalStateException("while ending", error);
            }
          });
          sleep(seconds(1));
          return "";
        });
    assertThat(reports)
        .singleElement()
        .extracting(r -> r.exception().getMessage())
        .isEqualTo("while ending");
  }

  @Test
  @DisplayName("Ctrl-C, if it is to be handled, ends it in good order and is thrown")
  void sigint() {
    assertThatThrownBy(() ->
            HostApplication.run(
                toolkit.newHost(),
                ApplicationOptions.DEFAULT.withHandleSigint(true),
                () -> {
                  background("other", 60);
                  createTask(() -> Signal.raise(new Signal("INT")));
                  sleep(seconds(60));
                  return "";
                }))
        .isInstanceOf(KeyboardInterrupt.class);
    assertThat(order).containsExactly("other was cancelled");
  }

  @Test
  @DisplayName("asked for where there is none, it says how to begin")
  void none() {
    try (EventLoop loop = new EventLoop()) {
      loop.runUntilComplete(() ->
          assertThatIllegalStateException()
              .isThrownBy(HostApplication::current)
              .withMessageContaining("HostApplication.run"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApplicationOptions.DEFAULT.withGrace(Duration.ofSeconds(-1)));
  }

  @Test
  @DisplayName("where a loop is running already it cannot begin, and leaves nothing behind")
  void insideAnother() {
    run(
        RETURNING,
        () -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> run(RETURNING, () -> "inner"))
              .withMessageContaining("an event loop is running in this thread already");
          return "";
        });
    assertThat(reports).isEmpty();
  }

  // -- attached ----------------------------------------------------------------------------------

  @Test
  @DisplayName("attached to a main loop that runs already, it tells when all has ended")
  void attached() {
    HostContract.NestedLoop main = toolkit.newNestedLoop();
    toolkit.post(() -> {
      Host host = new VirtualTimeHost(toolkit.newHost());
      HostApplication application =
          HostApplication.attach(
              host,
              ApplicationOptions.DEFAULT,
              () -> {
                background("task", 60);
                sleep(seconds(1));
                closeWindow();
                return "";
              },
              () -> {
                order.add("the end");
                main.exit();
              });
      assertThat(application.getLoop().isRunning()).isTrue();
      assertThat(HostApplication.current()).isSameAs(application);
    });
    main.run();
    assertThat(order).containsExactly("task was cancelled", "the end");
    assertThatIllegalStateException().isThrownBy(HostApplication::current);
  }

  @Test
  @DisplayName("Ctrl-C is given back, too, if the loop is stopped before the application has ended")
  void stoppedAttached() {
    Signal interrupt = new Signal("INT");
    HostContract.NestedLoop main = toolkit.newNestedLoop();
    toolkit.post(() -> {
      Host host = new VirtualTimeHost(toolkit.newHost());
      EventLoop loop =
          HostApplication.attach(
                  host,
                  ApplicationOptions.DEFAULT.withHandleSigint(true),
                  () -> {
                    sleep(seconds(60));
                    return "";
                  },
                  main::exit)
              .getLoop();
      loop.setExceptionHandler((_, _) -> {}); // of tasks that did not end
      loop.stop();
    });
    main.run();
    SignalHandler before = Signal.handle(interrupt, _ -> {});
    Signal.handle(interrupt, before);
    assertThat(before.toString()).contains("Terminator");
  }
}
