package dev.lariat.examples.gtk;

import dev.lariat.gio.SubprocessAwait;
import dev.lariat.testkit.Needs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.gnome.gio.Subprocess;
import org.gnome.gio.SubprocessFlags;
import org.javagi.base.GErrorException;

/** Pictures of the display, taken from outside the program. They stay in target/screenshots. */
public final class Screen {
  private static final Path DIRECTORY = Path.of("target", "screenshots");

  private Screen() {}

  /** Skips the test where there is no display or no GTK, which on CI is a failure. */
  public static void require() {
    Needs.check(
        System.getenv("DISPLAY") != null,
        "GTK has no display here. Install one with tools/system-packages gtk, and run the tests by"
            + " ./lariat test, or under tools/with-display.");
    Needs.library("libgtk-4.so.1", "tools/system-packages gtk");
    Needs.program("import", "tools/system-packages gtk");
  }

  /** Takes a picture of the whole display, while the current task waits. */
  public static BufferedImage shoot(String name) throws GErrorException, IOException {
    Files.createDirectories(DIRECTORY);
    Path file = DIRECTORY.resolve(name + ".png");
    String[] command = {"import", "-silent", "-window", "root", file.toString()};
    if (!SubprocessAwait.waitCheck(new Subprocess(command, SubprocessFlags.NONE))) {
      throw new AssertionError("import failed");
    }
    return ImageIO.read(file.toFile());
  }

  /** How many pixels differ. */
  public static int difference(BufferedImage one, BufferedImage two) {
    int different = 0;
    for (int y = 0; y < one.getHeight(); y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        if (one.getRGB(x, y) != two.getRGB(x, y)) {
          different++;
        }
      }
    }
    return different;
  }
}
