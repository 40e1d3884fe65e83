package dev.lariat.javafx;

import static dev.lariat.Asyncio.getRunningLoop;

import dev.lariat.Action;
import dev.lariat.Future;
import dev.lariat.host.ApplicationOptions;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import javafx.event.EventType;
import javafx.scene.Node;
import javafx.stage.Window;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What tests of the facade share. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class FxTests {
  static final ApplicationOptions UNTIL_MAIN_RETURNS =
      ApplicationOptions.DEFAULT.withKeepRunning(false);

  /** Runs {@code test} in a task on the JavaFX application thread. */
  static void run(Action test) {
    FxThread.started();
    JavaFx.run(UNTIL_MAIN_RETURNS, test);
  }

  static Duration ms(int milliseconds) {
    return Duration.ofMillis(milliseconds);
  }

  /** Lets everything that is posted by now happen, and what that posts, and so on. */
  static void settle() {
    for (int i = 0; i < 10; i++) {
      Future<String> passed = getRunningLoop().createFuture();
      Platform.runLater(() -> passed.setResult("passed"));
      passed.await();
    }
  }

  @AfterEach
  void noWindowIsLeft() throws Throwable {
    FxThread.run(() -> {
      int left = Window.getWindows().size();
      while (!Window.getWindows().isEmpty()) {
        Window.getWindows().getFirst().hide();
      }
      if (left > 0) {
        throw new AssertionError("windows left by the test: " + left);
      }
    });
  }

  /** How many handlers of a type of event a node or window has: only JavaFX's insides know. */
  static int handlers(Object target, EventType<?> type) throws ReflectiveOperationException {
    Class<?> owner = target instanceof Node ? Node.class : Window.class;
    Method getter = owner.getDeclaredMethod("getInternalEventDispatcher");
    getter.setAccessible(true);
    Object dispatcher = getter.invoke(target);
    Object manager = dispatcher.getClass().getMethod("getEventHandlerManager").invoke(dispatcher);
    Object composite = ((Map<?, ?>) get(manager, "eventHandlerMap")).get(type);
    int count = 0;
    for (Object record = composite == null ? null : get(composite, "firstRecord");
        record != null;
        record = get(record, "nextRecord")) {
      count++;
    }
    return count;
  }

  private static Object get(Object object, String name) throws ReflectiveOperationException {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field.get(object);
        }
      }
    }
    throw new NoSuchFieldException(name);
  }

  static void checkFxThread() {
    if (!Platform.isFxApplicationThread()) {
      throw new AssertionError("on " + Thread.currentThread());
    }
  }
}
