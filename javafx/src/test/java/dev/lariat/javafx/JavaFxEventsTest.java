package dev.lariat.javafx;

import static dev.lariat.Asyncio.*;
import static dev.lariat.javafx.JavaFx.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.event.Backpressure;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import dev.lariat.event.WhileRunning;
import dev.lariat.queue.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.beans.binding.Bindings;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.Property;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ChangeListener;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.event.ActionEvent;
import javafx.event.Event;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Events and values of JavaFX")
class JavaFxEventsTest extends FxTests {
  // -- events ------------------------------------------------------------------------------------

  @Test
  @DisplayName("awaitEvent: of a button, menu item, text field, combo box; on JavaFX's thread")
  void actionsOfControls() {
    run(() -> {
      Button button = new Button();
      getRunningLoop().callSoon(button::fire);
      assertThat(awaitEvent(button).getSource()).isSameAs(button);
      MenuItem item = new MenuItem();
      getRunningLoop().callSoon(item::fire);
      assertThat(awaitEvent(item).getSource()).isSameAs(item);
      TextField field = new TextField();
      getRunningLoop().callSoon(() -> field.fireEvent(new ActionEvent()));
      assertThat(awaitEvent(field).getSource()).isSameAs(field);
      ComboBox<String> box = new ComboBox<>(FXCollections.observableArrayList("a", "b"));
      Stage stage = new Stage();
      stage.setScene(new Scene(box));
      stage.show(); // it is the skin that fires
      getRunningLoop().callSoon(() -> box.setValue("b"));
      assertThat(awaitEvent(box).getSource()).isSameAs(box);
      stage.hide();
      checkFxThread();
    });
  }

  @Test
  @DisplayName("awaitEvent: of a type, at a node, scene, window")
  void eventsOfType() {
    run(() -> {
      TextField field = new TextField();
      Scene scene = new Scene(field);
      Stage stage = new Stage();
      stage.setScene(scene);
      KeyEvent key =
          new KeyEvent(KeyEvent.KEY_PRESSED, "x", "x", KeyCode.X, false, false, false, false);
      getRunningLoop().callSoon(() -> Event.fireEvent(field, key));
      assertThat(awaitEvent(field, KeyEvent.KEY_PRESSED).getCode()).isEqualTo(KeyCode.X);
      getRunningLoop().callSoon(() -> Event.fireEvent(scene, key));
      assertThat(awaitEvent(scene, KeyEvent.ANY).getCode()).isEqualTo(KeyCode.X);
      getRunningLoop().callSoon(() -> Event.fireEvent(stage, key));
      assertThat(awaitEvent(stage, KeyEvent.KEY_PRESSED).getCode()).isEqualTo(KeyCode.X);
    });
  }

  @Test
  @DisplayName("an await that is cancelled leaves no handler behind, and neither does any other")
  void handlersAreRemoved() {
    run(() -> {
      Button button = new Button();
      assertThatThrownBy(() -> timeout(ms(5), () -> awaitEvent(button)))
          .isInstanceOf(TimeoutException.class);
      Channel<ActionEvent> clicks = actions(button).events(Backpressure.BUFFER);
      assertThat(handlers(button, ActionEvent.ACTION)).isEqualTo(1);
      clicks.close();
      createTask(() -> actions(button).events(Backpressure.BUFFER)).await();
      settle();
      assertThat(handlers(button, ActionEvent.ACTION)).isZero();
    });
  }

  @Test
  @DisplayName("100,000 awaited events leave no listener behind")
  void nothingLeaks() {
    run(() -> {
      Button button = new Button();
      CountingProperty property = new CountingProperty();
      Task<Void> source =
          createTask(() -> {
            for (int i = 1; i <= 50_000; i++) {
              button.fire();
              property.set(i);
              sleep(ms(0));
              sleep(ms(0));
            }
          });
      int events = 0;
      while (events < 50_000) {
        awaitEvent(button);
        events++;
        awaitValue(property, value -> value.intValue() >= 0);
      }
      source.await();
      for (int i = 0; i < 50_000; i++) {
        int next = -1 - i;
        getRunningLoop().callSoon(() -> property.set(next));
        assertThat(values(property).next()).isEqualTo(next);
      }
      assertThat(handlers(button, ActionEvent.ACTION)).isZero();
      assertThat(property.listeners).isZero();
      assertThat(property.added).isEqualTo(50_000);
    });
  }

  private static final class CountingProperty extends SimpleIntegerProperty {
    int listeners;
    int added;

    @Override
    public void addListener(ChangeListener<? super Number> listener) {
      listeners++;
      added++;
      super.addListener(listener);
    }

    @Override
    public void removeListener(ChangeListener<? super Number> listener) {
      listeners--;
      super.removeListener(listener);
    }
  }

  @Test
  @DisplayName("text: as it is typed; of those that come late, the newest")
  void texts() {
    run(() -> {
      TextField field = new TextField();
      List<String> seen = new ArrayList<>();
      Task<Void> reader =
          createTask(() -> {
            for (String text : text(field).events(Backpressure.LATEST)) {
              seen.add(text);
              if (text.equals("abcd")) {
                break;
              }
            }
          });
      settle();
      field.appendText("a");
      settle();
      field.appendText("b");
      field.appendText("c");
      settle();
      field.appendText("d");
      reader.await();
      assertThat(seen).containsExactly("a", "abc", "abcd");
    });
  }

  // -- values ------------------------------------------------------------------------------------

  @Test
  @DisplayName("values are the new ones but for null, changes have it")
  void valuesAndChanges() {
    run(() -> {
      StringProperty property = new SimpleStringProperty("a");
      List<Object> seen = new ArrayList<>();
      Registration values = values(property).listen(seen::add);
      Registration changes = changes(property).listen(seen::add);
      property.set(null);
      property.set("b");
      values.close();
      values.close();
      changes.close();
      property.set("c");
      assertThat(seen).containsExactly(new Change<>("a", null), "b", new Change<>(null, "b"));
    });
  }

  @Test
  @DisplayName("awaitValue: at once if it is one, else when it becomes one")
  void awaitedValue() {
    run(() -> {
      ObjectProperty<Integer> property = new SimpleObjectProperty<>(3);
      assertThat(awaitValue(property, value -> value > 2)).isEqualTo(3);
      property.set(null);
      Task<Integer> task = createTask(() -> awaitValue(property, value -> value > 2));
      settle();
      property.set(1);
      settle();
      assertThat(task.done()).isFalse();
      property.set(7);
      property.set(0);
      assertThat(task.await()).isEqualTo(7);
    });
  }

  @Test
  @DisplayName("a binding that only an awaiting task refers to is not collected")
  void bindingsAreKept() {
    run(() -> {
      StringProperty name = new SimpleStringProperty("a");
      Task<String> mapped = createTask(() -> values(name.map(String::toUpperCase)).next());
      Task<String> concatenated =
          createTask(() -> values(Bindings.concat(name, "!")).filter(t -> t.length() > 2).next());
      settle();
      for (int i = 0; i < 3; i++) {
        System.gc();
        settle();
      }
      name.set("bc");
      assertThat(mapped.await()).isEqualTo("BC");
      assertThat(concatenated.await()).isEqualTo("bc!");
    });
  }

  @Test
  @DisplayName("bind: both ways, until unbound; a null is not taken; a state may be a Number's")
  void binding() {
    run(() -> {
      State<String> state = new State<>("a");
      StringProperty property = new SimpleStringProperty();
      Registration binding = bind(state, property);
      assertThat(property.get()).isEqualTo("a");
      property.set("b");
      assertThat(state.get()).isEqualTo("b");
      state.set("c");
      assertThat(property.get()).isEqualTo("c");
      property.set(null);
      assertThat(state.get()).isEqualTo("c");
      binding.close();
      property.set("d");
      state.set("e");
      assertThat(state.get() + property.get()).isEqualTo("ed");

      State<Number> number = new State<>(1.5);
      DoubleProperty doubleProperty = new SimpleDoubleProperty();
      bind(number, doubleProperty);
      assertThat(doubleProperty.get()).isEqualTo(1.5);
      Property<Boolean> disabled = new Button().disableProperty();
      State<Boolean> busy = new State<>(true);
      bind(busy, disabled);
      Task<Boolean> idle = createTask(() -> busy.await(value -> !value));
      settle();
      disabled.setValue(false);
      assertThat(idle.await()).isFalse();
    });
  }

  @Test
  @DisplayName("listChanges: additions, removals, replacements, permutations, updates, nulls")
  void lists() {
    run(() -> {
      ObservableList<String> list = FXCollections.observableArrayList("a", "b", "c");
      List<ListChange<String>> seen = new ArrayList<>();
      Registration registration = listChanges(list).listen(seen::add);
      list.add("d");
      list.remove("b");
      list.set(0, "z");
      list.sort(null);
      list.add(null);
      list.removeAll("d", "z");
      registration.close();
      list.add("unheard");
      List<String> nulls = new ArrayList<>();
      nulls.add(null);
      assertThat(seen)
          .containsExactly(
              new ListChange<>(3, List.of(), List.of("d")),
              new ListChange<>(1, List.of("b"), List.of()),
              new ListChange<>(0, List.of("a"), List.of("z")),
              new ListChange<>(0, List.of("z", "c", "d"), List.of("c", "d", "z")),
              new ListChange<>(3, List.of(), nulls),
              new ListChange<>(1, List.of("d", "z"), List.of()));
    });
  }

  @Test
  @DisplayName("listChanges: an element that says it changed counts as replaced by itself")
  void updatedElements() {
    run(() -> {
      ObservableList<StringProperty> list =
          FXCollections.observableArrayList(element -> new javafx.beans.Observable[] {element});
      StringProperty element = new SimpleStringProperty("a");
      list.add(element);
      getRunningLoop().callSoon(() -> element.set("b"));
      assertThat(listChanges(list).next())
          .isEqualTo(new ListChange<>(0, List.of(element), List.of(element)));
    });
  }

  // -- frames ------------------------------------------------------------------------------------

  @Test
  @DisplayName("awaitFrame: one after the other, by JavaFX's clock; outside the pulse")
  void frames() {
    run(() -> {
      Duration first = awaitFrame();
      Duration last = first;
      for (int i = 0; i < 5; i++) {
        Duration next = awaitFrame();
        assertThat(next).isGreaterThan(last);
        last = next;
        assertThat(javafx.application.Platform.canStartNestedEventLoop()).isTrue();
      }
      // 60 a second, where the machine is not busy
      assertThat(last.minus(first)).isBetween(ms(40), ms(5_000));
    });
  }

  // -- handlers ----------------------------------------------------------------------------------

  @Test
  @DisplayName("a handler may make tasks with no ceremony, which touch the controls after awaits")
  void handlersMakeTasks() {
    run(() -> {
      Button button = new Button("start");
      button.setOnAction(_ ->
          createTask(() -> {
            button.setText("working");
            sleep(ms(1));
            checkFxThread();
            button.setText("done");
          }));
      javafx.application.Platform.runLater(button::fire);
      assertThat(awaitValue(button.textProperty(), text -> !text.equals("start")))
          .isEqualTo("working");
      assertThat(values(button.textProperty()).next()).isEqualTo("done");
    });
  }

  @Test
  @DisplayName("handler(RESTART): the next event cancels what the last one began")
  void handlerRestarts() {
    run(() -> {
      List<String> order = new ArrayList<>();
      AtomicInteger number = new AtomicInteger();
      Button button = new Button();
      button.setOnAction(
          handler(
              WhileRunning.RESTART,
              click -> {
                assertThat(click.getSource()).isSameAs(button);
                int mine = number.incrementAndGet();
                try {
                  order.add("begin " + mine);
                  sleep(ms(mine < 3 ? 60_000 : 0));
                  order.add("end " + mine);
                } catch (CancelledError cancelled) {
                  order.add("cancelled " + mine);
                  throw cancelled;
                }
              }));
      for (int i = 0; i < 3; i++) {
        button.fire();
        settle();
      }
      settle();
      assertThat(order)
          .containsExactly("begin 1", "cancelled 1", "begin 2", "cancelled 2", "begin 3", "end 3");
    });
  }

  @Test
  @DisplayName("an error of a handler's task goes to the loop's exception handler, at once")
  void handlerErrors() {
    run(() -> {
      List<String> reports = new ArrayList<>();
      getRunningLoop().setExceptionHandler((_, report) -> reports.add(report.message()));
      Button button = new Button();
      button.setOnAction(
          handler(
              WhileRunning.IGNORE,
              _ -> {
                sleep(ms(0));
                throw new IllegalArgumentException("in a handler");
              }));
      button.fire();
      settle();
      assertThat(reports).containsExactly("Exception in an event handler");
    });
  }

  @Test
  @DisplayName("sources combine: whichever of two comes first")
  void either() {
    run(() -> {
      Button yes = new Button("yes");
      Button no = new Button("no");
      EventSource<String> answers =
          actions(yes).or(actions(no)).map(event -> ((Button) event.getSource()).getText());
      getRunningLoop().callSoon(no::fire);
      assertThat(answers.next()).isEqualTo("no");
      assertThat(handlers(yes, ActionEvent.ACTION)).isZero();
    });
  }
}
