package dev.lariat.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The time that a turn may take")
class BudgetTest {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  private long now = Long.MAX_VALUE - MILLI; // a clock may overflow
  private final Budget budget = new Budget(() -> now);

  /** A turn of items that take {@code item} each; gives the time until it is spent. */
  private long turn(long item) {
    long start = now;
    budget.start();
    do {
      now += item;
    } while (!budget.isSpent());
    return now - start;
  }

  @Test
  @DisplayName("4 ms at first; and again at once, if the toolkit had nothing to do meanwhile")
  void whole() {
    assertThat(turn(100 * MICRO)).isEqualTo(4 * MILLI);
    now += 50 * MICRO;
    assertThat(turn(100 * MICRO)).isEqualTo(4 * MILLI);
  }

  @Test
  @DisplayName("half of it while the toolkit draws, until it has not drawn for 50 ms")
  void half() {
    turn(100 * MICRO);
    now += 500 * MICRO;
    int halves = 0;
    while (turn(100 * MICRO) == 2 * MILLI) {
      halves++;
    }
    assertThat(halves).isEqualTo(25);
    assertThat(turn(100 * MICRO)).isEqualTo(4 * MILLI);
  }

  @Test
  @DisplayName("a toolkit that waited, because nothing was left to run, has not drawn")
  void waited() {
    budget.start();
    now += 100 * MICRO;
    assertThat(budget.isSpent()).isFalse();
    now += 300 * MILLI;
    assertThat(turn(100 * MICRO)).isEqualTo(4 * MILLI);
  }

  @Test
  @DisplayName("quick items: not every one looks at the clock, and the turn is a little longer")
  void quick() {
    assertThat(turn(MICRO)).isBetween(4 * MILLI, 4 * MILLI + 8 * MICRO);
  }

  @Test
  @DisplayName("0 is one item a turn")
  void zero() {
    budget.set(0);
    assertThat(turn(MICRO)).isEqualTo(MICRO);
  }
}
