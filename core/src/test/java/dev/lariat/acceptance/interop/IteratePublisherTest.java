package dev.lariat.acceptance.interop;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.AsyncGenerator;
import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.acceptance.LoopTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** FUT-9: a Flow.Publisher as something to iterate. */
class IteratePublisherTest extends LoopTest {
  /** A publisher whose every signal is sent by the test; it notes what it is asked for. */
  private final class ManualPublisher implements Flow.Publisher<String> {
    Flow.Subscriber<? super String> subscriber;

    final Flow.Subscription subscription =
        new Flow.Subscription() {
          @Override
          public void request(long n) {
            trace.add("request " + n);
          }

          @Override
          public void cancel() {
            trace.add("cancel");
          }
        };

    @Override
    public void subscribe(Flow.Subscriber<? super String> given) {
      trace.add("subscribe");
      subscriber = given;
    }

    void start() {
      subscriber.onSubscribe(subscription);
    }
  }

  private final ManualPublisher publisher = new ManualPublisher();

  private Task<Void> collect(AsyncGenerator<String> items) {
    return loop.createTask(() -> {
      for (String item : items) {
        trace.add(item);
      }
      trace.add("end");
    });
  }

  private void settle() {
    for (int i = 0; i < 5; i++) {
      iterate();
    }
  }

  @Test
  @DisplayName(
      "FUT-9 a publisher is subscribed to at the first item, and asked for one item at a time")
  void oneAtATime() {
    AsyncGenerator<String> items = Asyncio.iterate(publisher);
    iterate();
    trace.assertEvents();
    Task<Void> task = collect(items);
    settle();
    trace.assertEvents("subscribe");
    publisher.start();
    settle();
    trace.assertEvents("request 1");
    publisher.subscriber.onNext("a");
    settle();
    trace.assertEvents("a", "request 1");
    publisher.subscriber.onNext("b");
    publisher.subscriber.onComplete();
    settle();
    assertThat(task.done()).isTrue();
    assertThat(trace.events()).startsWith("b").endsWith("end");
  }

  @Test
  @DisplayName(
      "FUT-9 a slow consumer slows the publisher down: nothing is asked for while it works")
  void slowConsumer() {
    Task<Void> task =
        loop.createTask(() -> {
          for (String item : Asyncio.iterate(publisher)) {
            trace.add(item);
            sleep(Duration.ofSeconds(1));
            trace.add("worked");
          }
        });
    settle();
    publisher.start();
    settle();
    publisher.subscriber.onNext("a");
    settle();
    trace.assertEvents("subscribe", "request 1", "a");
    run(() -> sleep(Duration.ofSeconds(2)));
    trace.assertEvents("worked", "request 1");
    publisher.subscriber.onComplete();
    loop.runUntilComplete(task);
  }

  @Test
  @DisplayName("FUT-9 the publisher's error is thrown where the items are asked for, as it is")
  void error() {
    for (Throwable error :
        List.of(new ArithmeticException(), new IOException(), new AssertionError())) {
      Task<Void> task = collect(Asyncio.iterate(publisher));
      settle();
      publisher.start();
      settle();
      publisher.subscriber.onError(error);
      settle();
      assertThat(task.exception()).isSameAs(error);
    }
  }

  @Test
  @DisplayName("FUT-9 leaving the loop early and closing cancels the subscription, once")
  void closedEarly() {
    Task<Void> task =
        loop.createTask(() -> {
          try (AsyncGenerator<String> items = Asyncio.iterate(publisher)) {
            for (String item : items) {
              trace.add(item);
              break;
            }
          }
          trace.add("closed");
        });
    settle();
    publisher.start();
    settle();
    publisher.subscriber.onNext("a");
    loop.runUntilComplete(task);
    trace.assertEvents("subscribe", "request 1", "a", "cancel", "closed");
  }

  @Test
  @DisplayName("FUT-9 cancelling the task that waits for an item cancels the subscription")
  void cancelled() {
    Task<Void> task = collect(Asyncio.iterate(publisher));
    settle();
    publisher.start();
    settle();
    task.cancel("stop");
    settle();
    assertThatThrownBy(task::result).isInstanceOf(CancelledError.class).hasMessage("stop");
    trace.assertEvents("subscribe", "request 1", "cancel");
  }

  @Test
  @DisplayName(
      "FUT-9 a subscription that comes after the consumer has left is cancelled; a second one too")
  void lateSubscription() {
    Task<Void> task = collect(Asyncio.iterate(publisher));
    settle();
    task.cancel();
    settle();
    publisher.start();
    settle();
    trace.assertEvents("subscribe", "cancel");

    collect(Asyncio.iterate(publisher)).addDoneCallback(done -> {});
    settle();
    publisher.start();
    settle();
    publisher.start();
    settle();
    trace.assertEvents("subscribe", "request 1", "cancel");
    publisher.subscriber.onComplete();
    settle();
  }

  @Test
  @DisplayName("FUT-9 items after the consumer has left are dropped")
  void lateItems() {
    Task<Void> task = collect(Asyncio.iterate(publisher));
    settle();
    publisher.start();
    settle();
    task.cancel();
    settle();
    publisher.subscriber.onNext("late");
    publisher.subscriber.onError(new ArithmeticException());
    publisher.subscriber.onComplete();
    settle();
    trace.assertEvents("subscribe", "request 1", "cancel");
  }

  @Test
  @DisplayName(
      "FUT-9 signals after the loop was closed are dropped: they may not throw at the publisher")
  void signalsAfterClose() {
    Task<Void> task = collect(Asyncio.iterate(publisher));
    settle();
    publisher.start();
    settle();
    task.cancel();
    settle();
    loop.close();
    assertThatCode(
            () -> {
              publisher.subscriber.onNext("late");
              publisher.subscriber.onError(new ArithmeticException());
              publisher.subscriber.onComplete();
              publisher.start();
            })
        .doesNotThrowAnyException();
  }

  @Test
  @DisplayName("FUT-9 null signals are refused, as Flow demands")
  void nullSignals() {
    Task<Void> task = collect(Asyncio.iterate(publisher));
    settle();
    assertThatNullPointerException().isThrownBy(() -> publisher.subscriber.onSubscribe(null));
    publisher.start();
    assertThatNullPointerException().isThrownBy(() -> publisher.subscriber.onNext(null));
    assertThatNullPointerException().isThrownBy(() -> publisher.subscriber.onError(null));
    publisher.subscriber.onComplete();
    loop.runUntilComplete(task);
    assertThatNullPointerException()
        .isThrownBy(() -> Asyncio.iterate(null))
        .withMessageContaining("publisher");
  }

  @Test
  @DisplayName(
      "FUT-9 shutdownAsyncgens cancels the subscription of an iteration that was left half way")
  void shutdown() {
    List<AsyncGenerator<String>> kept = new ArrayList<>();
    Task<Void> task =
        loop.createTask(() -> {
          AsyncGenerator<String> items = Asyncio.iterate(publisher);
          kept.add(items);
          items.advance();
        });
    settle();
    publisher.start();
    settle();
    publisher.subscriber.onNext("a");
    loop.runUntilComplete(task);
    trace.assertEvents("subscribe", "request 1");
    run(() -> loop.shutdownAsyncgens());
    trace.assertEvents("cancel");
  }

  @Test
  @DisplayName(
      "FUT-9 a publisher that refuses its subscriber is heard where the items are asked for")
  void subscribeFails() {
    RuntimeException error = new IllegalStateException("full");
    run(() ->
        assertThatThrownBy(() ->
                Asyncio.iterate(
                        (Flow.Publisher<String>)
                            subscriber -> {
                              throw error;
                            })
                    .advance())
            .isSameAs(error));
  }

  @Test
  @DisplayName(
      "FUT-9 a publisher with threads of its own: every item arrives, in order, on the loop's thread")
  void ownThreads() {
    try (SubmissionPublisher<Integer> numbers = new SubmissionPublisher<>();
        EventLoop real = new EventLoop()) { // real time: the publisher's threads wake the loop
      List<Integer> seen = new ArrayList<>();
      real.runUntilComplete(() -> {
        Thread loopThread = Thread.currentThread();
        Task<Void> consumer =
            createTask(() -> {
              for (int number : Asyncio.iterate(numbers)) {
                assertThat(Thread.currentThread()).isSameAs(loopThread);
                seen.add(number);
              }
            });
        sleep(Duration.ZERO); // it has subscribed
        Asyncio.toThread(() -> {
          for (int i = 0; i < 2000; i++) {
            numbers.submit(i); // blocks while the consumer is behind
          }
          numbers.close();
        });
        consumer.await();
        assertThat(getRunningLoop()).isSameAs(real);
      });
      assertThat(seen).hasSize(2000).isSorted();
    }
  }

  @Test
  @DisplayName("FUT-9 iterating outside a loop says that none is running")
  void noLoop() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Asyncio.iterate(publisher).advance())
        .withMessageContaining("No running event loop");
    trace.assertEvents();
  }
}
