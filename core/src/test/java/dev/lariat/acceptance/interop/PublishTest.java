package dev.lariat.acceptance.interop;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.publisher;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lariat.AsyncGenerator.Yielder;
import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.host.VirtualTime;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** FUT-9: something to iterate as a Flow.Publisher. */
class PublishTest extends LoopTest {
  /** Notes what it is told, and asks for nothing by itself but at first. */
  private class ManualSubscriber implements Flow.Subscriber<Object> {
    private final long first;
    Flow.Subscription subscription;

    ManualSubscriber(long first) {
      this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      trace.add("subscribed");
      subscription = given;
      if (first != 0) {
        given.request(first);
      }
    }

    @Override
    public void onNext(Object item) {
      trace.add(item);
    }

    @Override
    public void onError(Throwable error) {
      trace.add(error.getClass().getSimpleName());
    }

    @Override
    public void onComplete() {
      trace.add("complete");
    }
  }

  private ManualSubscriber subscribe(Iterable<?> items, long first) {
    ManualSubscriber subscriber = new ManualSubscriber(first);
    Asyncio.<Object>publisher(items, loop).subscribe(subscriber);
    settle();
    return subscriber;
  }

  private void settle() {
    for (int i = 0; i < 8; i++) {
      iterate();
    }
  }

  /** An endless iterable that fails with {@code error} instead of a third item. */
  private static Iterable<Integer> failing(Throwable error) {
    return () ->
        new Iterator<>() {
          private int given;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Integer next() {
            if (given == 2) {
              throw PublishTest.<RuntimeException>sneak(error);
            }
            return ++given;
          }
        };
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E sneak(Throwable error) throws E {
    throw (E) error;
  }

  @Test
  @DisplayName(
      "FUT-9 a subscriber is given what it asks for and no more, and the end when all was given")
  void demand() {
    ManualSubscriber subscriber = subscribe(List.of("a", "b", "c"), 0);
    trace.assertEvents("subscribed");
    subscriber.subscription.request(1);
    settle();
    trace.assertEvents("a");
    subscriber.subscription.request(2);
    settle();
    assertThat(trace.events()).startsWith("b", "c");
    subscriber.subscription.request(1);
    settle();
    assertThat(trace.events()).containsExactly("b", "c", "complete");
    assertThat(allTasks(loop)).isEmpty();
  }

  @Test
  @DisplayName("FUT-9 unlimited demand, and demand that overflows, is all there is")
  void unlimitedDemand() {
    ManualSubscriber subscriber = subscribe(List.of(1, 2, 3), Long.MAX_VALUE);
    trace.assertEvents("subscribed", 1, 2, 3, "complete");
    subscriber.subscription.request(1); // after the end: nothing
    settle();
    trace.assertEvents();

    subscriber = subscribe(List.of(1, 2, 3), 0);
    subscriber.subscription.request(Long.MAX_VALUE);
    subscriber.subscription.request(Long.MAX_VALUE);
    settle();
    trace.assertEvents("subscribed", 1, 2, 3, "complete");
  }

  @Test
  @DisplayName("FUT-9 an empty iterable completes")
  void empty() {
    ManualSubscriber subscriber = subscribe(List.of(), 1);
    trace.assertEvents("subscribed", "complete");
    subscriber.subscription.cancel();
    settle();
    trace.assertEvents();
  }

  @Test
  @DisplayName("FUT-9 asking for zero or less is answered by an error, and is the end")
  void badDemand() {
    for (long demand : new long[] {0, -1, Long.MIN_VALUE}) {
      ManualSubscriber subscriber = subscribe(List.of(1, 2, 3), 0);
      subscriber.subscription.request(demand);
      settle();
      subscriber.subscription.request(1);
      settle();
      trace.assertEvents("subscribed", "IllegalArgumentException");
      assertThat(allTasks(loop)).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "FUT-9 cancelling ends the iteration: nothing more is given, no end, no task is left")
  void cancel() {
    ManualSubscriber subscriber = subscribe(List.of(1, 2, 3), 1);
    subscriber.subscription.cancel();
    subscriber.subscription.cancel();
    subscriber.subscription.request(5);
    settle();
    trace.assertEvents("subscribed", 1);
    assertThat(allTasks(loop)).isEmpty();
  }

  @Test
  @DisplayName("FUT-9 cancelling while the iterator waits cancels that wait")
  void cancelWhileWaiting() {
    ManualSubscriber subscriber =
        subscribe(
            asyncGenerator((Yielder<Integer> out) -> {
              out.yield(1);
              try {
                sleep(Duration.ofDays(1));
              } finally {
                trace.add("iterator ended");
              }
            }),
            2);
    trace.assertEvents("subscribed", 1);
    subscriber.subscription.cancel();
    settle();
    trace.assertEvents("iterator ended");
    assertThat(loop.time()).isZero();
  }

  @Test
  @DisplayName(
      "FUT-9 an exception of the iterator is the subscriber's error, and nobody else's; an Error too")
  void iteratorFails() {
    subscribe(failing(new NoSuchElementException()), 5);
    trace.assertEvents("subscribed", 1, 2, "NoSuchElementException");
    subscribe(failing(new AssertionError()), 5);
    trace.assertEvents("subscribed", 1, 2, "AssertionError");
    loop.close();
    assertThat(takeReports()).isEmpty();
  }

  @Test
  @DisplayName("FUT-9 an iterator that suspends is published as it goes on, beside other tasks")
  void suspendingIterator() {
    Asyncio.<Object>publisher(
            asyncGenerator((Yielder<Integer> out) -> {
              for (int i = 1; i <= 3; i++) {
                sleep(Duration.ofSeconds(2));
                out.yield(i);
              }
            }),
            loop)
        .subscribe(new ManualSubscriber(Long.MAX_VALUE));
    run(() -> {
      for (int i = 0; i < 4; i++) {
        sleep(Duration.ofMillis(1500));
        trace.add("other");
      }
      sleep(Duration.ofSeconds(1));
    });
    trace.assertEvents("subscribed", "other", 1, "other", 2, "other", 3, "complete", "other");
  }

  @Test
  @DisplayName("FUT-9 each subscriber has an iteration of its own")
  void severalSubscribers() {
    Flow.Publisher<Object> published = publisher(List.of(1, 2), loop);
    ManualSubscriber slow = new ManualSubscriber(1);
    published.subscribe(slow);
    published.subscribe(new ManualSubscriber(5));
    settle();
    trace.assertEvents("subscribed", "subscribed", 1, 1, 2, "complete");
    slow.subscription.request(5);
    settle();
    trace.assertEvents(2, "complete");
  }

  @Test
  @DisplayName(
      "FUT-9 any thread may subscribe, ask and cancel; all signals come on the loop's thread")
  void otherThreads() {
    Thread loopThread = Thread.currentThread();
    ManualSubscriber[] subscriber = new ManualSubscriber[1];
    inOtherThread(() -> {
      subscriber[0] =
          new ManualSubscriber(0) {
            @Override
            public void onNext(Object item) {
              assertThat(Thread.currentThread()).isSameAs(loopThread);
              super.onNext(item);
            }
          };
      Asyncio.<Object>publisher(List.of(1, 2, 3), loop).subscribe(subscriber[0]);
    });
    settle();
    inOtherThread(() -> subscriber[0].subscription.request(2));
    settle();
    inOtherThread(() -> subscriber[0].subscription.cancel());
    settle();
    trace.assertEvents("subscribed", 1, 2);
  }

  @Test
  @DisplayName("FUT-9 when run ends, a subscriber that still waits is told of it by an error")
  void runEnds() {
    Asyncio.run(
        () -> {
          Asyncio.<Object>publisher(List.of(1, 2, 3), Asyncio.getRunningLoop())
              .subscribe(new ManualSubscriber(1));
          sleep(Duration.ofSeconds(1));
          return null;
        },
        () -> new EventLoop(new VirtualTime()));
    trace.assertEvents("subscribed", 1, "CancelledError");
  }

  @Test
  @DisplayName(
      "FUT-9 asking and cancelling after the loop was closed do nothing: they may not throw")
  void afterClose() {
    ManualSubscriber subscriber = subscribe(List.of(1), 5);
    loop.close();
    assertThatCode(
            () -> {
              subscriber.subscription.request(1);
              subscriber.subscription.cancel();
            })
        .doesNotThrowAnyException();
    trace.assertEvents("subscribed", 1, "complete");
  }

  @Test
  @DisplayName("FUT-9 there and back again: a published iterable, iterated, gives the same items")
  void roundTrip() {
    run(() ->
        assertThat(Asyncio.iterate(Asyncio.<Integer>publisher(List.of(1, 2, 3, 4), loop)))
            .containsExactly(1, 2, 3, 4));
  }

  @Test
  @DisplayName("FUT-9 null arguments are refused by name")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> publisher(null, loop))
        .withMessageContaining("items");
    assertThatNullPointerException()
        .isThrownBy(() -> publisher(List.of(), null))
        .withMessageContaining("loop");
    assertThatNullPointerException()
        .isThrownBy(() -> publisher(List.of(), loop).subscribe(null))
        .withMessageContaining("subscriber");
  }
}
