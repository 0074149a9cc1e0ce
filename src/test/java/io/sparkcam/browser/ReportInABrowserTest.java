package io.sparkcam.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkcam.job.SmallRuns;
import io.sparkcam.testing.SharedSpark;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The report of a small run, opened from disk in Chromium. Needs the programs {@code chromium} and
 * {@code chromedriver} on the PATH: only the Maven profile {@code browser} compiles and runs it.
 */
@SharedSpark
class ReportInABrowserTest {
  private static final int DESKTOP = 1280;
  private static final int PHONE = 390;

  private static Path report;
  private static long mistakeId;
  private ChromeDriver browser;

  @BeforeAll
  static void aRun(SparkSession spark) throws IOException {
    Path run = SmallRuns.first(spark);
    report = run.resolve("report/index.html");
    Row mistake =
        spark
            .read()
            .parquet(run.resolve("explanations").toString())
            .where("label <> predicted")
            .orderBy(org.apache.spark.sql.functions.desc("probability"))
            .select("id")
            .first();
    mistakeId = mistake.getLong(0);
  }

  private void open(int width) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium"));
    // No sandbox: containers run tests as root. No /dev/shm: theirs is small.
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    if (width < 500) { // the narrowest window there is
      options.setExperimentalOption(
          "mobileEmulation",
          Map.of("deviceMetrics", Map.of("width", width, "height", 844, "pixelRatio", 2)));
    } else {
      options.addArguments("--window-size=" + width + ",800");
    }
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(program("chromedriver"))
            .usingAnyFreePort()
            .build();
    browser = new ChromeDriver(service, options);
    browser.get(report.toUri().toString());
  }

  private static File program(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " is not on the PATH"))
        .toFile();
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  private Object tell(String expression, Object... arguments) {
    return browser.executeScript("return " + expression, arguments);
  }

  @ParameterizedTest
  @ValueSource(ints = {DESKTOP, PHONE})
  void opensQuietlyAndFits(int width) throws IOException {
    open(width);
    assertEquals(List.of(), messages());
    assertEquals(List.of(report.toUri().toString()), requests());
    assertEquals((long) width, tell("innerWidth"));
    assertEquals(
        tell("document.documentElement.clientWidth"), // but for a scroll bar, if there is one
        tell("document.documentElement.scrollWidth"));
    assertEquals(
        0L, tell("[...document.images].filter(i => !i.complete || !i.naturalWidth).length"));
    assertTrue((long) tell("document.images.length") > 100);
  }

  @ParameterizedTest
  @ValueSource(ints = {DESKTOP, PHONE})
  void noNumberOfTheMatrixIsBroken(int width) {
    open(width);
    String broken =
        """
        [...document.querySelectorAll('.matrix td')].filter(cell => {
          const text = document.createRange();
          text.selectNodeContents(cell.querySelector('a') ?? cell);
          return new Set([...text.getClientRects()].filter(r => r.width).map(r => r.bottom)).size > 1;
        }).map(cell => cell.textContent)
        """;
    assertEquals(List.of(), tell(broken.strip()));
  }

  private List<String> messages() {
    return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Addresses that the page asked for, but for those that are their own content. */
  private List<String> requests() throws IOException {
    List<String> requests = new ArrayList<>();
    for (LogEntry entry : browser.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = new ObjectMapper().readTree(entry.getMessage()).path("message");
      String address = message.path("params").path("request").path("url").asText();
      if (message.path("method").asText().equals("Network.requestWillBeSent")
          && !address.startsWith("data:")) {
        requests.add(address);
      }
    }
    return requests;
  }

  @ParameterizedTest
  @ValueSource(ints = {DESKTOP, PHONE})
  void aCellOfTheMatrixLeadsToItsExamples(int width) {
    open(width);
    WebElement cell = browser.findElement(By.cssSelector(".matrix td.miss a"));
    String count = cell.getText();
    String anchor = cell.getDomAttribute("href");
    cell.click();
    WebElement pair = browser.findElement(By.cssSelector(anchor));
    assertInView(pair);
    assertTrue(
        pair.findElement(By.tagName("small")).getText().startsWith(count + " image"),
        pair.getText());
    WebElement picture = pair.findElement(By.cssSelector(".card img"));
    assertTrue(picture.isDisplayed());
    assertNotEquals("", picture.getDomAttribute("alt"));
  }

  @ParameterizedTest
  @ValueSource(ints = {DESKTOP, PHONE})
  void theMostConfidentMistakeIsTwoClicksAway(int width) {
    open(width);
    browser.findElement(By.linkText("Mistakes")).click();
    WebElement mistake = browser.findElement(By.cssSelector("#mistakes .card"));
    assertInView(mistake);
    assertTrue(mistake.getText().contains("image " + mistakeId + "\n"), mistake.getText());
    mistake.findElement(By.linkText("others like it")).click();
    assertInView(browser.findElement(By.cssSelector("article:target")));

    browser.get(report.toUri().toString());
    browser.findElement(By.cssSelector(".tiles .wide a")).click();
    assertInView(browser.findElement(By.id("mistake-1")));
  }

  private void assertInView(WebElement element) {
    double top = ((Number) tell("arguments[0].getBoundingClientRect().top", element)).doubleValue();
    long height = (long) tell("innerHeight");
    assertTrue(top >= 0 && top < height, "top at " + top + " of " + height);
  }

  @Test
  void theKeyboardReachesEverything() {
    open(DESKTOP);
    press(Keys.TAB);
    WebElement skip = browser.switchTo().activeElement();
    assertEquals("Skip to the content", skip.getText());
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      press(Keys.TAB);
      WebElement focused = browser.switchTo().activeElement();
      reached.add(focused.getDomAttribute("href"));
      assertEquals("solid", focused.getCssValue("outline-style"), focused.getText());
    }
    assertEquals(
        List.of(
            "#mistakes",
            "#doubtful",
            "#training",
            "#confusion",
            "#classes",
            "#pairs",
            "#audit",
            "#manifest",
            "#mistake-1"),
        reached);
    press(Keys.ENTER);
    assertInView(browser.findElement(By.id("mistake-1")));
    press(Keys.TAB); // from there on
    assertTrue(
        browser.switchTo().activeElement().getDomAttribute("href").startsWith("#pair-"),
        browser.switchTo().activeElement()::getText);
  }

  private void press(Keys key) {
    browser.switchTo().activeElement().sendKeys(key);
  }

  @Test
  void darkIsDark() {
    open(DESKTOP);
    assertFalse(isDark());
    darken();
    assertTrue(isDark());
  }

  private void darken() {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
  }

  /** Contrast as WCAG 2 defines it, at least its 4.5 for text, whatever a cell's strength. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void numbersOfTheMatrixCanBeRead(boolean dark) {
    open(DESKTOP);
    if (dark) {
      darken();
    }
    String lowest =
        """
        (() => {
          const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
          const luminance = colour => {
            pen.fillStyle = colour;
            pen.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data]
                .map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
          };
          const contrast = (cell, strength) => {
            cell.parentElement.style.setProperty('--s', strength);
            cell.parentElement.classList.toggle('strong', strength > 0.66);
            const style = getComputedStyle(cell);
            const both = [luminance(style.color), luminance(style.backgroundColor)];
            return Math.max(...both) / Math.min(...both);
          };
          const cells = ['hit', 'miss'].map(kind => document.querySelector(`.matrix td.${kind} a`));
          const strengths = Array.from({length: 101}, (_, i) => i / 100);
          return Math.min(...cells.flatMap(cell => strengths.map(s => contrast(cell, s))));
        })()
        """;
    double contrast = ((Number) tell(lowest.strip())).doubleValue();
    assertTrue(contrast >= 4.5, "contrast " + contrast);
  }

  /** Whether the text is lighter than what it stands on, by the red of both. */
  private boolean isDark() {
    WebElement body = browser.findElement(By.tagName("body"));
    return red(body.getCssValue("color")) > red(body.getCssValue("background-color"));
  }

  private static int red(String colour) {
    return Integer.parseInt(colour.replaceFirst("rgba?\\((\\d+).*", "$1"));
  }
}
