package dev.lariat.benchmarks.hosts;

import dev.lariat.host.Host;
import dev.lariat.javafx.JavaFxHost;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.layout.Pane;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import javafx.stage.Stage;

final class JavaFxToolkit implements Toolkit {
  @Override
  public Host newHost() {
    return new JavaFxHost();
  }

  @Override
  public void post(Runnable event) {
    Platform.runLater(event);
  }

  @Override
  public void run(Runnable body) {
    CompletableFuture<String> end = new CompletableFuture<>();
    Platform.startup(() -> Platform.setImplicitExit(false));
    Platform.runLater(() -> { // there are no pulses before the start is over
      try {
        body.run();
        end.complete("");
      } catch (Throwable error) {
        end.completeExceptionally(error);
      }
    });
    end.join();
  }

  @Override
  public void animate(BooleanSupplier frame) {
    Rectangle box = new Rectangle(60, 60, Color.ORANGE);
    Stage window = new Stage();
    window.setScene(new Scene(new Pane(box), 400, 200));
    window.show();
    new AnimationTimer() {
      @Override
      public void handle(long now) {
        box.setX((box.getX() + 3) % 400);
        if (!frame.getAsBoolean()) {
          stop();
          Platform.runLater(window::close);
        }
      }
    }.start();
  }
}
