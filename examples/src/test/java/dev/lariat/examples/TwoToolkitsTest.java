package dev.lariat.examples;

import static dev.lariat.Asyncio.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.HostApplication;
import dev.lariat.javafx.JavaFx;
import dev.lariat.swing.Swing;
import java.awt.EventQueue;
import java.awt.GraphicsEnvironment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Swing and JavaFX in one process")
class TwoToolkitsTest {
  private final CompletableFuture<EventLoop> javaFx = new CompletableFuture<>();

  @Test
  @Timeout(60)
  @DisplayName(
      "a task on Swing awaits one on JavaFX, which awaits one on Swing; no thread is blocked")
  void bothWays() throws InterruptedException {
    Assumptions.assumeFalse(
        GraphicsEnvironment.isHeadless() && System.getenv("CI") == null,
        "Swing needs a display: ./lariat test starts one where xvfb is installed");
    if (System.getProperty("glass.platform") == null) {
      System.setProperty("glass.platform", "Headless");
    }
    Platform.setImplicitExit(false); // JavaFX stays, for other tests
    Thread starter = new Thread(() -> JavaFx.run(() -> javaFx.complete(getRunningLoop())));
    starter.start();
    String value = Swing.run(ApplicationOptions.DEFAULT.withKeepRunning(false), this::onSwing);
    assertThat(value).isEqualTo("Swing, JavaFX and Swing again");
    EventLoop loop = javaFx.join();
    loop.callSoonThreadsafe(() -> HostApplication.current().quit());
    starter.join();
  }

  private String onSwing() {
    EventLoop swing = getRunningLoop();
    int[] ticks = {0};
    Task<Void> ticker =
        createTask(() -> {
          while (true) {
            sleep(Duration.ofMillis(5));
            ticks[0]++;
          }
        });
    String there = runOn(await(javaFx), () -> onJavaFx(swing));
    assertThat(EventQueue.isDispatchThread()).isTrue();
    assertThat(ticks[0]).as("what went on meanwhile on Swing").isGreaterThan(2);
    ticker.cancel();
    return "Swing, " + there;
  }

  private static String onJavaFx(EventLoop swing) {
    assertThat(Platform.isFxApplicationThread()).isTrue();
    sleep(Duration.ofMillis(50));
    String back =
        runOn(
            swing,
            () -> {
              assertThat(EventQueue.isDispatchThread()).isTrue();
              sleep(Duration.ofMillis(50));
              return "Swing again";
            });
    assertThat(Platform.isFxApplicationThread()).isTrue();
    return "JavaFX and " + back;
  }
}
