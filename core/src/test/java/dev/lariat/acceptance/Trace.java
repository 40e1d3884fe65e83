package dev.lariat.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pins an interleaving, in one of two ways: {@link #expect} numbers the places a test passes, and
 * {@link #finish} ends it; or {@link #add} notes events, which {@link #assertEvents} compares as a
 * whole.
 *
 * <p>A failed {@code expect} may be thrown inside a task or callback, where the code under test
 * catches it; so the first one is kept, and {@code finish} throws it again. <i>Thread</i>: any.
 */
public final class Trace {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private int last;
  private @Nullable AssertionError failure;

  /** This place is the {@code n}-th to be passed; counting starts at 1. */
  public synchronized void expect(int n) {
    if (n != last + 1) {
      throw fail("expected to pass place " + (last + 1) + " next, but passed " + n);
    }
    last = n;
  }

  /** This place is the last to be passed, and all before it were passed in order. */
  public synchronized void finish(int n) {
    if (failure != null) {
      throw failure;
    }
    expect(n);
  }

  /** This place must never be passed. */
  public synchronized AssertionError unreachable() {
    throw fail("passed a place that must not be reached, after place " + last);
  }

  private AssertionError fail(String message) {
    AssertionError error = new AssertionError(message);
    if (failure == null) {
      failure = error;
    }
    return error;
  }

  /** Notes {@code event}. */
  public void add(Object event) {
    events.add(String.valueOf(event));
  }

  /** Notes {@code event} when run: a callback for the loop. */
  public Runnable adds(Object event) {
    return () -> add(event);
  }

  /** {@return what was noted so far} */
  public List<String> events() {
    return List.copyOf(events);
  }

  /** What was noted since the last call of this is just {@code expected}, in this order. */
  public void assertEvents(Object... expected) {
    List<String> texts = new ArrayList<>();
    for (Object event : expected) {
      texts.add(String.valueOf(event));
    }
    List<String> noted = events();
    events.clear();
    assertThat(noted).isEqualTo(texts);
    synchronized (this) {
      if (failure != null) {
        throw failure;
      }
    }
  }
}
