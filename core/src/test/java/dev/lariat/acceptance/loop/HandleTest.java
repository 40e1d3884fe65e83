package dev.lariat.acceptance.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Handle;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-9: handles. */
class HandleTest extends LoopTest {
  private static final ContextVar<String> VAR = ContextVar.of("var");

  private static Runnable named(String name) {
    return new Runnable() {
      @Override
      public void run() {}

      @Override
      public String toString() {
        return name;
      }
    };
  }

  @Test
  @DisplayName("LOOP-9 cancel keeps the callback from running; a second cancel does nothing")
  void cancels() {
    Handle handle = loop.callSoon(() -> trace.unreachable());
    assertThat(handle.cancelled()).isFalse();
    handle.cancel();
    handle.cancel();
    assertThat(handle.cancelled()).isTrue();
    iterate();
    trace.finish(1);
  }

  @Test
  @DisplayName("LOOP-9 a callback of the same iteration may cancel one behind it, and itself")
  void cancelsInIteration() {
    Handle[] handles = new Handle[2];
    handles[0] =
        loop.callSoon(() -> {
          trace.add("first");
          handles[0].cancel();
          handles[1].cancel();
        });
    handles[1] = loop.callSoon(() -> trace.unreachable());
    iterate();
    trace.assertEvents("first");
    assertThat(handles[0].cancelled()).isTrue();
  }

  @Test
  @DisplayName("LOOP-9 a handle that has run is not cancelled, and may be, which changes nothing")
  void cancelAfterRun() {
    Handle handle = loop.callSoon(trace.adds("ran"));
    iterate();
    assertThat(handle.cancelled()).isFalse();
    handle.cancel();
    assertThat(handle.cancelled()).isTrue();
    iterate();
    trace.assertEvents("ran");
  }

  @Test
  @DisplayName("LOOP-9 cancel drops the callback, so that what it refers to can be collected")
  void dropsCallback() {
    Runnable callback = new ArrayList<>()::clear;
    WeakReference<Runnable> reference = new WeakReference<>(callback);
    Handle handle = loop.callSoon(callback);
    handle.cancel();
    callback = null;
    collectGarbageUntil(() -> reference.get() == null);
    assertThat(reference.get()).isNull();
    assertThat(handle.cancelled()).isTrue();
  }

  @Test
  @DisplayName("LOOP-9 getContext gives the context that was given, else a copy of the current one")
  void context() {
    Context given = new Context();
    assertThat(loop.callSoon(() -> {}, given).getContext()).isEqualTo(given);
    assertThat(loop.callLater(Duration.ZERO, () -> {}, given).getContext()).isEqualTo(given);
    assertThat(loop.callAt(Duration.ZERO, () -> {}, given).getContext()).isEqualTo(given);
    assertThat(loop.callSoonThreadsafe(() -> {}, given).getContext()).isEqualTo(given);
    given.run(() -> {
      VAR.set("outer");
      Handle handle = loop.callSoon(() -> VAR.set("inner"));
      assertThat(handle.getContext()).isNotEqualTo(given);
      assertThat(handle.getContext().get(VAR)).isEqualTo("outer");
      iterate();
      assertThat(handle.getContext().get(VAR)).isEqualTo("inner");
      assertThat(VAR.get()).isEqualTo("outer");
    });
  }

  @Test
  @DisplayName("LOOP-9 getContext after the run gives the context as the callback left it")
  void contextAfterRun() {
    Handle handle = loop.callSoon(() -> VAR.set("by callback"));
    iterate();
    assertThat(handle.getContext().get(VAR)).isEqualTo("by callback");
  }

  @Test
  @DisplayName("LOOP-9 the text names the kind and the callback; cancelled when it is")
  void text() {
    Handle handle = loop.callSoon(named("my callback"));
    assertThat(handle).asString().isEqualTo("Handle[my callback]");
    handle.cancel();
    assertThat(handle).asString().isEqualTo("Handle[cancelled]");
  }

  @Test
  @DisplayName("LOOP-9 in debug mode the text tells where it was made")
  void textInDebugMode() {
    loop.setDebug(true);
    assertThat(loop.callSoon(named("my callback")))
        .asString()
        .contains("my callback", "created at", getClass().getName(), "textInDebugMode");
    assertThat(loop.callLater(Duration.ZERO, named("my callback")))
        .asString()
        .contains("my callback", "created at", "textInDebugMode");
    assertThat(loop.callSoonThreadsafe(named("my callback")))
        .asString()
        .contains("my callback", "created at", "textInDebugMode");
  }

  @Test
  @DisplayName(
      "LOOP-9 in debug mode a cancelled handle still tells what it was and where it was made")
  void cancelledTextInDebugMode() {
    loop.setDebug(true);
    Handle handle = loop.callSoon(named("my callback"));
    handle.cancel();
    handle.cancel();
    assertThat(handle)
        .asString()
        .contains("cancelled", "my callback", "created at", "cancelledTextInDebugMode");
  }
}
