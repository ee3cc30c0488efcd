#!/usr/bin/perl
# unicode_tables.pl - writes unicode_tables.inc from the Unicode data that comes with Perl.
#
# Simple case mappings as runs (first, last, stride, distance to add), printable characters (categories L, M,
# N, P and S) and letters and digits (L and Nd) as ranges. Run: perl runtime/text/unicode_tables.pl > runtime/text/unicode_tables.inc
use strict;
use warnings;
use Unicode::UCD qw(prop_invmap prop_invlist);

sub mappings {
  my ($property) = @_;
  my ($starts, $values) = prop_invmap($property);
  my @pairs;
  for my $i (0 .. $#$starts - 1) {
    next unless $values->[$i];
    push @pairs, [$_, $values->[$i] - $starts->[$i]] for $starts->[$i] .. $starts->[$i + 1] - 1;
  }
  my @runs;
  for my $pair (@pairs) {
    my ($rune, $delta) = @$pair;
    my $run = @runs ? $runs[-1] : undef;
    if ($run && $run->[3] == $delta && ($run->[0] == $run->[1] ? $rune - $run->[1] <= 2 : $rune - $run->[1] == $run->[2])) {
      $run->[2] = $rune - $run->[1];
      $run->[1] = $rune;
    } else {
      push @runs, [$rune, $rune, 1, $delta];
    }
  }
  return @runs;
}

sub print_runs {
  my ($name, $property) = @_;
  print "constexpr CaseRun $name\[] = {\n";
  printf "    {0x%X, 0x%X, %d, %d},\n", @$_ for mappings($property);
  print "};\n";
}

sub print_ranges {
  my ($name, @categories) = @_;
  my %member;
  for my $category (@categories) {
    my @list = prop_invlist("General_Category=$category");
    push @list, 0x110000 if @list % 2;
    for (my $i = 0; $i < @list; $i += 2) { $member{$_} = 1 for $list[$i] .. $list[$i + 1] - 1; }
  }
  my @runes = sort { $a <=> $b } keys %member;
  print "constexpr RuneRange $name\[] = {\n";
  while (@runes) {
    my $first = shift @runes;
    my $last = $first;
    $last = shift @runes while @runes && $runes[0] == $last + 1;
    printf "    {0x%X, 0x%X},\n", $first, $last;
  }
  print "};\n";
}

printf "// unicode_tables.inc - written by unicode_tables.pl from Unicode %s; not to be edited.\n", Unicode::UCD::UnicodeVersion();
print_runs("kToUpper", "Simple_Uppercase_Mapping");
print_runs("kToLower", "Simple_Lowercase_Mapping");
print_ranges("kPrintable", qw(L M N P S));
print_ranges("kLetterOrDigit", qw(L Nd));
