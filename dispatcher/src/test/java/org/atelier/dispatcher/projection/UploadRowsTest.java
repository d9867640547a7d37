package org.atelier.dispatcher.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.atelier.dispatcher.support.TestDatabase;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UploadRowsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void countsWhatFitsAndBeginsAnewEachDay(TestDatabase kind) {
        try (var database = kind.in(folder)) {
            var book = new UploadRows(database);
            assertThat(book.take("a", "acme", 7, 101, 100)).isFalse();
            assertThat(book.taken("acme", 7)).isZero();

            assertThat(book.take("a", "acme", 7, 60, 100)).isTrue();
            assertThat(book.take("b", "acme", 7, 41, 100)).isFalse();
            assertThat(book.take("b", "acme", 7, 40, 100)).isTrue();
            assertThat(book.taken("acme", 7)).isEqualTo(100);
            assertThat(book.take("c", "other", 7, 100, 100)).isTrue();

            assertThat(book.take("d", "acme", 8, 1, 100)).isTrue();
            assertThat(book.taken("acme", 8)).isEqualTo(1);
            assertThat(book.taken("acme", 7)).as("yesterday is forgotten").isZero();
            assertThat(book.taken("other", 7)).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoComesAtOnceTakesTurns(TestDatabase kind) throws Exception {
        try (var database = kind.in(folder); var threads = Executors.newFixedThreadPool(4)) {
            var book = new UploadRows(database);
            var taken = threads.invokeAll(IntStream.range(0, 40).<Callable<Boolean>>mapToObj(
                    number -> () -> book.take("upload-" + number, "acme", 7, 10, 100)).toList());

            int times = 0;
            for (Future<Boolean> one : taken) {
                times += one.get() ? 1 : 0;
            }
            assertThat(times).isEqualTo(10);
            assertThat(book.taken("acme", 7)).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUploadCountsOnceHoweverOftenItIsCompleted(TestDatabase kind) throws Exception {
        try (var database = kind.in(folder); var threads = Executors.newFixedThreadPool(4)) {
            var book = new UploadRows(database);
            var taken = threads.invokeAll(Collections.<Callable<Boolean>>nCopies(12, () -> book.take("one", "acme", 7,
                    60, 100)));

            for (Future<Boolean> one : taken) {
                assertThat(one.get()).isTrue();
            }
            assertThat(book.taken("acme", 7)).isEqualTo(60);
            assertThat(book.take("one", "acme", 8, 60, 100)).as("after midnight").isTrue();
            assertThat(book.taken("acme", 8)).isZero();
        }
    }
}
