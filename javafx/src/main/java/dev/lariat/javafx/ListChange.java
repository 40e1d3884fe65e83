package dev.lariat.javafx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;

/**
 * One change of an observable list: the elements {@code removed} at an index, and those {@code
 * added} in their place. Elements that were permuted or updated count as removed and added.
 *
 * @param <E> the type of the elements
 * @param from the index
 * @param removed what was there, in order; of elements that were updated, as they are now
 * @param added what is there now, in order
 */
public record ListChange<E>(int from, List<E> removed, List<E> added) {
  /** Copies what JavaFX tells, which is valid in its listener only. */
  static <E> void each(
      ListChangeListener.Change<? extends E> change, Consumer<? super ListChange<E>> listener) {
    List<ListChange<E>> changes = new ArrayList<>();
    while (change.next()) {
      List<E> now = copy(change.getList().subList(change.getFrom(), change.getTo()));
      List<E> before = copy(change.getRemoved());
      if (change.wasPermutated()) {
        before = new ArrayList<>(now);
        for (int i = change.getFrom(); i < change.getTo(); i++) {
          before.set(i - change.getFrom(), now.get(change.getPermutation(i) - change.getFrom()));
        }
      } else if (change.wasUpdated()) {
        before = now;
      }
      changes.add(new ListChange<>(change.getFrom(), before, now));
    }
    changes.forEach(listener);
  }

  /** Unlike {@code List.copyOf}, with the nulls that such a list may have. */
  private static <E> List<E> copy(List<? extends E> list) {
    return Collections.unmodifiableList(new ArrayList<>(list));
  }
}
