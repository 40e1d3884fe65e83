package dev.lariat.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.host.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final Folder root = new Folder(null, Path.of("/tree"), null, null);

  private Scan scanOf(Listing rootListing) {
    Scan scan = new Scan(root, 1, folder -> folder == root ? rootListing : leaf());
    try (EventLoop loop = new EventLoop(new VirtualTime())) {
      loop.runUntilComplete(scan::run);
    }
    return scan;
  }

  private static Listing leaf() {
    Listing listing = new Listing();
    listing.tally.directories = 1;
    listing.tally.files = 1234;
    listing.tally.bytes = 3 << 20;
    return listing;
  }

  @Test
  void isATableAndASentenceOnEachThingThatWasLeftOut() {
    Listing listing = new Listing();
    listing.folders.add(new Folder(root, Path.of("big"), null, null));
    listing.tally.directories = 1;
    listing.tally.files = 1;
    listing.tally.bytes = 1 << 20;
    listing.tally.links = 5;
    listing.tally.loops = 2;
    listing.tally.mounts = 1;
    listing.tally.unreadable = 1;
    listing.tally.vanished = 3;

    assertThat(Summary.lines(scanOf(listing), 10, Duration.ofMillis(1250)))
        .containsExactly(
            "       Size    Share        Files  Directory",
            "    3.0 MiB   75.0 %        1,234  big",
            "    4.0 MiB  100.0 %        1,235  /tree",
            "",
            "1,235 files in 2 directories, read in 1.3 s.",
            "Not followed: 5 symbolic links, of which 2 in a loop.",
            "Not entered: 1 other file system.",
            "Not readable: 1 entry (in /tree).",
            "Vanished meanwhile: 3 entries.");
  }

  @Test
  void ofAnEmptyTreeIsCorrectToo() {
    Listing listing = new Listing();
    listing.tally.directories = 1;
    assertThat(Summary.lines(scanOf(listing), 10, Duration.ZERO))
        .containsExactly(
            "       Size    Share        Files  Directory",
            "        0 B  100.0 %            0  /tree",
            "",
            "0 files in 1 directory, read in 0.0 s.");
  }

  @Test
  void givesSizesInTheUnitThatFits() {
    assertThat(Summary.size(0)).isEqualTo("0 B");
    assertThat(Summary.size(1023)).isEqualTo("1023 B");
    assertThat(Summary.size(1024)).isEqualTo("1.0 KiB");
    assertThat(Summary.size(1536)).isEqualTo("1.5 KiB");
    assertThat(Summary.size((1 << 20) - 1)).isEqualTo("1.0 MiB");
    assertThat(Summary.size(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
  }

  @Test
  void letsNoNameWriteToTheTerminalWhatItLikes() {
    assertThat(Summary.printable(Path.of("a\u001b[2Jb\nc"))).isEqualTo("a?[2Jb?c");
  }
}
