# Generated from grammar/ScimFilter.g4 by ANTLR 4.13.2
# encoding: utf-8
from antlr4 import *
from io import StringIO
import sys
if sys.version_info[1] > 5:
	from typing import TextIO
else:
	from typing.io import TextIO

from scim.filter.parsing.rule_context import RuleContext
def serializedATN():
    return [
        4,1,21,124,2,0,7,0,2,1,7,1,2,2,7,2,2,3,7,3,2,4,7,4,2,5,7,5,2,6,7,
        6,2,7,7,7,2,8,7,8,2,9,7,9,2,10,7,10,2,11,7,11,2,12,7,12,2,13,7,13,
        2,14,7,14,1,0,1,0,1,0,1,1,1,1,1,1,1,1,1,1,3,1,39,8,1,3,1,41,8,1,
        1,1,1,1,1,1,3,1,46,8,1,1,2,1,2,1,2,5,2,51,8,2,10,2,12,2,54,9,2,1,
        3,1,3,1,3,5,3,59,8,3,10,3,12,3,62,9,3,1,4,1,4,3,4,66,8,4,1,5,3,5,
        69,8,5,1,5,1,5,1,5,1,5,1,6,1,6,1,6,3,6,78,8,6,1,7,1,7,1,7,1,7,1,
        7,3,7,85,8,7,1,8,1,8,1,8,3,8,90,8,8,1,9,1,9,1,9,5,9,95,8,9,10,9,
        12,9,98,9,9,1,10,1,10,1,10,5,10,103,8,10,10,10,12,10,106,9,10,1,
        11,1,11,3,11,110,8,11,1,12,3,12,113,8,12,1,12,1,12,1,12,1,12,1,13,
        1,13,1,13,1,14,1,14,1,14,0,0,15,0,2,4,6,8,10,12,14,16,18,20,22,24,
        26,28,0,1,1,0,6,15,122,0,30,1,0,0,0,2,45,1,0,0,0,4,47,1,0,0,0,6,
        55,1,0,0,0,8,65,1,0,0,0,10,68,1,0,0,0,12,74,1,0,0,0,14,79,1,0,0,
        0,16,89,1,0,0,0,18,91,1,0,0,0,20,99,1,0,0,0,22,109,1,0,0,0,24,112,
        1,0,0,0,26,118,1,0,0,0,28,121,1,0,0,0,30,31,3,4,2,0,31,32,5,0,0,
        1,32,1,1,0,0,0,33,40,5,10,0,0,34,35,5,18,0,0,35,36,3,18,9,0,36,38,
        5,19,0,0,37,39,5,11,0,0,38,37,1,0,0,0,38,39,1,0,0,0,39,41,1,0,0,
        0,40,34,1,0,0,0,40,41,1,0,0,0,41,42,1,0,0,0,42,46,5,0,0,1,43,44,
        5,12,0,0,44,46,5,0,0,1,45,33,1,0,0,0,45,43,1,0,0,0,46,3,1,0,0,0,
        47,52,3,6,3,0,48,49,5,2,0,0,49,51,3,6,3,0,50,48,1,0,0,0,51,54,1,
        0,0,0,52,50,1,0,0,0,52,53,1,0,0,0,53,5,1,0,0,0,54,52,1,0,0,0,55,
        60,3,8,4,0,56,57,5,1,0,0,57,59,3,8,4,0,58,56,1,0,0,0,59,62,1,0,0,
        0,60,58,1,0,0,0,60,61,1,0,0,0,61,7,1,0,0,0,62,60,1,0,0,0,63,66,3,
        10,5,0,64,66,3,12,6,0,65,63,1,0,0,0,65,64,1,0,0,0,66,9,1,0,0,0,67,
        69,5,3,0,0,68,67,1,0,0,0,68,69,1,0,0,0,69,70,1,0,0,0,70,71,5,16,
        0,0,71,72,3,4,2,0,72,73,5,17,0,0,73,11,1,0,0,0,74,77,5,10,0,0,75,
        78,3,16,8,0,76,78,3,14,7,0,77,75,1,0,0,0,77,76,1,0,0,0,78,13,1,0,
        0,0,79,80,5,18,0,0,80,81,3,18,9,0,81,84,5,19,0,0,82,83,5,11,0,0,
        83,85,3,16,8,0,84,82,1,0,0,0,84,85,1,0,0,0,85,15,1,0,0,0,86,90,5,
        4,0,0,87,88,5,5,0,0,88,90,3,28,14,0,89,86,1,0,0,0,89,87,1,0,0,0,
        90,17,1,0,0,0,91,96,3,20,10,0,92,93,5,2,0,0,93,95,3,20,10,0,94,92,
        1,0,0,0,95,98,1,0,0,0,96,94,1,0,0,0,96,97,1,0,0,0,97,19,1,0,0,0,
        98,96,1,0,0,0,99,104,3,22,11,0,100,101,5,1,0,0,101,103,3,22,11,0,
        102,100,1,0,0,0,103,106,1,0,0,0,104,102,1,0,0,0,104,105,1,0,0,0,
        105,21,1,0,0,0,106,104,1,0,0,0,107,110,3,24,12,0,108,110,3,26,13,
        0,109,107,1,0,0,0,109,108,1,0,0,0,110,23,1,0,0,0,111,113,5,3,0,0,
        112,111,1,0,0,0,112,113,1,0,0,0,113,114,1,0,0,0,114,115,5,16,0,0,
        115,116,3,18,9,0,116,117,5,17,0,0,117,25,1,0,0,0,118,119,5,10,0,
        0,119,120,3,16,8,0,120,27,1,0,0,0,121,122,7,0,0,0,122,29,1,0,0,0,
        14,38,40,45,52,60,65,68,77,84,89,96,104,109,112
    ]

class ScimFilterParser ( Parser ):

    grammarFileName = "ScimFilter.g4"

    atn = ATNDeserializer().deserialize(serializedATN())

    decisionsToDFA = [ DFA(ds, i) for i, ds in enumerate(atn.decisionToState) ]

    sharedContextCache = PredictionContextCache()

    literalNames = [ "<INVALID>", "'and'", "'or'", "'not'", "'pr'", "<INVALID>", 
                     "'true'", "'false'", "'null'", "<INVALID>", "<INVALID>", 
                     "<INVALID>", "<INVALID>", "<INVALID>", "<INVALID>", 
                     "<INVALID>", "'('", "')'", "'['", "']'" ]

    symbolicNames = [ "<INVALID>", "AND", "OR", "NOT", "PR", "OPERATOR", 
                      "TRUE", "FALSE", "NULL", "NUMBER", "PATH", "SUB_ATTRIBUTE", 
                      "URI", "STRING", "QUOTED", "WORD", "LPAREN", "RPAREN", 
                      "LBRACKET", "RBRACKET", "BLANK", "ILLEGAL" ]

    RULE_filterText = 0
    RULE_patchPath = 1
    RULE_disjunction = 2
    RULE_conjunction = 3
    RULE_term = 4
    RULE_group = 5
    RULE_attributeTerm = 6
    RULE_valueFilter = 7
    RULE_condition = 8
    RULE_valueDisjunction = 9
    RULE_valueConjunction = 10
    RULE_valueTerm = 11
    RULE_valueGroup = 12
    RULE_valueAttributeTerm = 13
    RULE_literal = 14

    ruleNames =  [ "filterText", "patchPath", "disjunction", "conjunction", 
                   "term", "group", "attributeTerm", "valueFilter", "condition", 
                   "valueDisjunction", "valueConjunction", "valueTerm", 
                   "valueGroup", "valueAttributeTerm", "literal" ]

    EOF = Token.EOF
    AND=1
    OR=2
    NOT=3
    PR=4
    OPERATOR=5
    TRUE=6
    FALSE=7
    NULL=8
    NUMBER=9
    PATH=10
    SUB_ATTRIBUTE=11
    URI=12
    STRING=13
    QUOTED=14
    WORD=15
    LPAREN=16
    RPAREN=17
    LBRACKET=18
    RBRACKET=19
    BLANK=20
    ILLEGAL=21

    def __init__(self, input:TokenStream, output:TextIO = sys.stdout):
        super().__init__(input, output)
        self.checkVersion("4.13.2")
        self._interp = ParserATNSimulator(self, self.atn, self.decisionsToDFA, self.sharedContextCache)
        self._predicates = None




    class FilterTextContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def disjunction(self):
            return self.getTypedRuleContext(ScimFilterParser.DisjunctionContext,0)


        def EOF(self):
            return self.getToken(ScimFilterParser.EOF, 0)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_filterText

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitFilterText" ):
                return visitor.visitFilterText(self)
            else:
                return visitor.visitChildren(self)




    def filterText(self):

        localctx = ScimFilterParser.FilterTextContext(self, self._ctx, self.state)
        self.enterRule(localctx, 0, self.RULE_filterText)
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 30
            self.disjunction()
            self.state = 31
            self.match(ScimFilterParser.EOF)
        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class PatchPathContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def PATH(self):
            return self.getToken(ScimFilterParser.PATH, 0)

        def EOF(self):
            return self.getToken(ScimFilterParser.EOF, 0)

        def LBRACKET(self):
            return self.getToken(ScimFilterParser.LBRACKET, 0)

        def valueDisjunction(self):
            return self.getTypedRuleContext(ScimFilterParser.ValueDisjunctionContext,0)


        def RBRACKET(self):
            return self.getToken(ScimFilterParser.RBRACKET, 0)

        def SUB_ATTRIBUTE(self):
            return self.getToken(ScimFilterParser.SUB_ATTRIBUTE, 0)

        def URI(self):
            return self.getToken(ScimFilterParser.URI, 0)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_patchPath

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitPatchPath" ):
                return visitor.visitPatchPath(self)
            else:
                return visitor.visitChildren(self)




    def patchPath(self):

        localctx = ScimFilterParser.PatchPathContext(self, self._ctx, self.state)
        self.enterRule(localctx, 2, self.RULE_patchPath)
        self._la = 0 # Token type
        try:
            self.state = 45
            self._errHandler.sync(self)
            token = self._input.LA(1)
            if token in [10]:
                self.enterOuterAlt(localctx, 1)
                self.state = 33
                self.match(ScimFilterParser.PATH)
                self.state = 40
                self._errHandler.sync(self)
                _la = self._input.LA(1)
                if _la==18:
                    self.state = 34
                    self.match(ScimFilterParser.LBRACKET)
                    self.state = 35
                    self.valueDisjunction()
                    self.state = 36
                    self.match(ScimFilterParser.RBRACKET)
                    self.state = 38
                    self._errHandler.sync(self)
                    _la = self._input.LA(1)
                    if _la==11:
                        self.state = 37
                        self.match(ScimFilterParser.SUB_ATTRIBUTE)




                self.state = 42
                self.match(ScimFilterParser.EOF)
                pass
            elif token in [12]:
                self.enterOuterAlt(localctx, 2)
                self.state = 43
                self.match(ScimFilterParser.URI)
                self.state = 44
                self.match(ScimFilterParser.EOF)
                pass
            else:
                raise NoViableAltException(self)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class DisjunctionContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def conjunction(self, i:int=None):
            if i is None:
                return self.getTypedRuleContexts(ScimFilterParser.ConjunctionContext)
            else:
                return self.getTypedRuleContext(ScimFilterParser.ConjunctionContext,i)


        def OR(self, i:int=None):
            if i is None:
                return self.getTokens(ScimFilterParser.OR)
            else:
                return self.getToken(ScimFilterParser.OR, i)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_disjunction

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitDisjunction" ):
                return visitor.visitDisjunction(self)
            else:
                return visitor.visitChildren(self)




    def disjunction(self):

        localctx = ScimFilterParser.DisjunctionContext(self, self._ctx, self.state)
        self.enterRule(localctx, 4, self.RULE_disjunction)
        self._la = 0 # Token type
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 47
            self.conjunction()
            self.state = 52
            self._errHandler.sync(self)
            _la = self._input.LA(1)
            while _la==2:
                self.state = 48
                self.match(ScimFilterParser.OR)
                self.state = 49
                self.conjunction()
                self.state = 54
                self._errHandler.sync(self)
                _la = self._input.LA(1)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class ConjunctionContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def term(self, i:int=None):
            if i is None:
                return self.getTypedRuleContexts(ScimFilterParser.TermContext)
            else:
                return self.getTypedRuleContext(ScimFilterParser.TermContext,i)


        def AND(self, i:int=None):
            if i is None:
                return self.getTokens(ScimFilterParser.AND)
            else:
                return self.getToken(ScimFilterParser.AND, i)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_conjunction

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitConjunction" ):
                return visitor.visitConjunction(self)
            else:
                return visitor.visitChildren(self)




    def conjunction(self):

        localctx = ScimFilterParser.ConjunctionContext(self, self._ctx, self.state)
        self.enterRule(localctx, 6, self.RULE_conjunction)
        self._la = 0 # Token type
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 55
            self.term()
            self.state = 60
            self._errHandler.sync(self)
            _la = self._input.LA(1)
            while _la==1:
                self.state = 56
                self.match(ScimFilterParser.AND)
                self.state = 57
                self.term()
                self.state = 62
                self._errHandler.sync(self)
                _la = self._input.LA(1)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class TermContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def group(self):
            return self.getTypedRuleContext(ScimFilterParser.GroupContext,0)


        def attributeTerm(self):
            return self.getTypedRuleContext(ScimFilterParser.AttributeTermContext,0)


        def getRuleIndex(self):
            return ScimFilterParser.RULE_term

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitTerm" ):
                return visitor.visitTerm(self)
            else:
                return visitor.visitChildren(self)




    def term(self):

        localctx = ScimFilterParser.TermContext(self, self._ctx, self.state)
        self.enterRule(localctx, 8, self.RULE_term)
        try:
            self.state = 65
            self._errHandler.sync(self)
            token = self._input.LA(1)
            if token in [3, 16]:
                self.enterOuterAlt(localctx, 1)
                self.state = 63
                self.group()
                pass
            elif token in [10]:
                self.enterOuterAlt(localctx, 2)
                self.state = 64
                self.attributeTerm()
                pass
            else:
                raise NoViableAltException(self)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class GroupContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def LPAREN(self):
            return self.getToken(ScimFilterParser.LPAREN, 0)

        def disjunction(self):
            return self.getTypedRuleContext(ScimFilterParser.DisjunctionContext,0)


        def RPAREN(self):
            return self.getToken(ScimFilterParser.RPAREN, 0)

        def NOT(self):
            return self.getToken(ScimFilterParser.NOT, 0)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_group

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitGroup" ):
                return visitor.visitGroup(self)
            else:
                return visitor.visitChildren(self)




    def group(self):

        localctx = ScimFilterParser.GroupContext(self, self._ctx, self.state)
        self.enterRule(localctx, 10, self.RULE_group)
        self._la = 0 # Token type
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 68
            self._errHandler.sync(self)
            _la = self._input.LA(1)
            if _la==3:
                self.state = 67
                self.match(ScimFilterParser.NOT)


            self.state = 70
            self.match(ScimFilterParser.LPAREN)
            self.state = 71
            self.disjunction()
            self.state = 72
            self.match(ScimFilterParser.RPAREN)
        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class AttributeTermContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def PATH(self):
            return self.getToken(ScimFilterParser.PATH, 0)

        def condition(self):
            return self.getTypedRuleContext(ScimFilterParser.ConditionContext,0)


        def valueFilter(self):
            return self.getTypedRuleContext(ScimFilterParser.ValueFilterContext,0)


        def getRuleIndex(self):
            return ScimFilterParser.RULE_attributeTerm

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitAttributeTerm" ):
                return visitor.visitAttributeTerm(self)
            else:
                return visitor.visitChildren(self)




    def attributeTerm(self):

        localctx = ScimFilterParser.AttributeTermContext(self, self._ctx, self.state)
        self.enterRule(localctx, 12, self.RULE_attributeTerm)
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 74
            self.match(ScimFilterParser.PATH)
            self.state = 77
            self._errHandler.sync(self)
            token = self._input.LA(1)
            if token in [4, 5]:
                self.state = 75
                self.condition()
                pass
            elif token in [18]:
                self.state = 76
                self.valueFilter()
                pass
            else:
                raise NoViableAltException(self)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class ValueFilterContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def LBRACKET(self):
            return self.getToken(ScimFilterParser.LBRACKET, 0)

        def valueDisjunction(self):
            return self.getTypedRuleContext(ScimFilterParser.ValueDisjunctionContext,0)


        def RBRACKET(self):
            return self.getToken(ScimFilterParser.RBRACKET, 0)

        def SUB_ATTRIBUTE(self):
            return self.getToken(ScimFilterParser.SUB_ATTRIBUTE, 0)

        def condition(self):
            return self.getTypedRuleContext(ScimFilterParser.ConditionContext,0)


        def getRuleIndex(self):
            return ScimFilterParser.RULE_valueFilter

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitValueFilter" ):
                return visitor.visitValueFilter(self)
            else:
                return visitor.visitChildren(self)




    def valueFilter(self):

        localctx = ScimFilterParser.ValueFilterContext(self, self._ctx, self.state)
        self.enterRule(localctx, 14, self.RULE_valueFilter)
        self._la = 0 # Token type
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 79
            self.match(ScimFilterParser.LBRACKET)
            self.state = 80
            self.valueDisjunction()
            self.state = 81
            self.match(ScimFilterParser.RBRACKET)
            self.state = 84
            self._errHandler.sync(self)
            _la = self._input.LA(1)
            if _la==11:
                self.state = 82
                self.match(ScimFilterParser.SUB_ATTRIBUTE)
                self.state = 83
                self.condition()


        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class ConditionContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def PR(self):
            return self.getToken(ScimFilterParser.PR, 0)

        def OPERATOR(self):
            return self.getToken(ScimFilterParser.OPERATOR, 0)

        def literal(self):
            return self.getTypedRuleContext(ScimFilterParser.LiteralContext,0)


        def getRuleIndex(self):
            return ScimFilterParser.RULE_condition

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitCondition" ):
                return visitor.visitCondition(self)
            else:
                return visitor.visitChildren(self)




    def condition(self):

        localctx = ScimFilterParser.ConditionContext(self, self._ctx, self.state)
        self.enterRule(localctx, 16, self.RULE_condition)
        try:
            self.state = 89
            self._errHandler.sync(self)
            token = self._input.LA(1)
            if token in [4]:
                self.enterOuterAlt(localctx, 1)
                self.state = 86
                self.match(ScimFilterParser.PR)
                pass
            elif token in [5]:
                self.enterOuterAlt(localctx, 2)
                self.state = 87
                self.match(ScimFilterParser.OPERATOR)
                self.state = 88
                self.literal()
                pass
            else:
                raise NoViableAltException(self)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class ValueDisjunctionContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def valueConjunction(self, i:int=None):
            if i is None:
                return self.getTypedRuleContexts(ScimFilterParser.ValueConjunctionContext)
            else:
                return self.getTypedRuleContext(ScimFilterParser.ValueConjunctionContext,i)


        def OR(self, i:int=None):
            if i is None:
                return self.getTokens(ScimFilterParser.OR)
            else:
                return self.getToken(ScimFilterParser.OR, i)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_valueDisjunction

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitValueDisjunction" ):
                return visitor.visitValueDisjunction(self)
            else:
                return visitor.visitChildren(self)




    def valueDisjunction(self):

        localctx = ScimFilterParser.ValueDisjunctionContext(self, self._ctx, self.state)
        self.enterRule(localctx, 18, self.RULE_valueDisjunction)
        self._la = 0 # Token type
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 91
            self.valueConjunction()
            self.state = 96
            self._errHandler.sync(self)
            _la = self._input.LA(1)
            while _la==2:
                self.state = 92
                self.match(ScimFilterParser.OR)
                self.state = 93
                self.valueConjunction()
                self.state = 98
                self._errHandler.sync(self)
                _la = self._input.LA(1)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class ValueConjunctionContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def valueTerm(self, i:int=None):
            if i is None:
                return self.getTypedRuleContexts(ScimFilterParser.ValueTermContext)
            else:
                return self.getTypedRuleContext(ScimFilterParser.ValueTermContext,i)


        def AND(self, i:int=None):
            if i is None:
                return self.getTokens(ScimFilterParser.AND)
            else:
                return self.getToken(ScimFilterParser.AND, i)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_valueConjunction

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitValueConjunction" ):
                return visitor.visitValueConjunction(self)
            else:
                return visitor.visitChildren(self)




    def valueConjunction(self):

        localctx = ScimFilterParser.ValueConjunctionContext(self, self._ctx, self.state)
        self.enterRule(localctx, 20, self.RULE_valueConjunction)
        self._la = 0 # Token type
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 99
            self.valueTerm()
            self.state = 104
            self._errHandler.sync(self)
            _la = self._input.LA(1)
            while _la==1:
                self.state = 100
                self.match(ScimFilterParser.AND)
                self.state = 101
                self.valueTerm()
                self.state = 106
                self._errHandler.sync(self)
                _la = self._input.LA(1)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class ValueTermContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def valueGroup(self):
            return self.getTypedRuleContext(ScimFilterParser.ValueGroupContext,0)


        def valueAttributeTerm(self):
            return self.getTypedRuleContext(ScimFilterParser.ValueAttributeTermContext,0)


        def getRuleIndex(self):
            return ScimFilterParser.RULE_valueTerm

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitValueTerm" ):
                return visitor.visitValueTerm(self)
            else:
                return visitor.visitChildren(self)




    def valueTerm(self):

        localctx = ScimFilterParser.ValueTermContext(self, self._ctx, self.state)
        self.enterRule(localctx, 22, self.RULE_valueTerm)
        try:
            self.state = 109
            self._errHandler.sync(self)
            token = self._input.LA(1)
            if token in [3, 16]:
                self.enterOuterAlt(localctx, 1)
                self.state = 107
                self.valueGroup()
                pass
            elif token in [10]:
                self.enterOuterAlt(localctx, 2)
                self.state = 108
                self.valueAttributeTerm()
                pass
            else:
                raise NoViableAltException(self)

        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class ValueGroupContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def LPAREN(self):
            return self.getToken(ScimFilterParser.LPAREN, 0)

        def valueDisjunction(self):
            return self.getTypedRuleContext(ScimFilterParser.ValueDisjunctionContext,0)


        def RPAREN(self):
            return self.getToken(ScimFilterParser.RPAREN, 0)

        def NOT(self):
            return self.getToken(ScimFilterParser.NOT, 0)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_valueGroup

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitValueGroup" ):
                return visitor.visitValueGroup(self)
            else:
                return visitor.visitChildren(self)




    def valueGroup(self):

        localctx = ScimFilterParser.ValueGroupContext(self, self._ctx, self.state)
        self.enterRule(localctx, 24, self.RULE_valueGroup)
        self._la = 0 # Token type
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 112
            self._errHandler.sync(self)
            _la = self._input.LA(1)
            if _la==3:
                self.state = 111
                self.match(ScimFilterParser.NOT)


            self.state = 114
            self.match(ScimFilterParser.LPAREN)
            self.state = 115
            self.valueDisjunction()
            self.state = 116
            self.match(ScimFilterParser.RPAREN)
        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class ValueAttributeTermContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def PATH(self):
            return self.getToken(ScimFilterParser.PATH, 0)

        def condition(self):
            return self.getTypedRuleContext(ScimFilterParser.ConditionContext,0)


        def getRuleIndex(self):
            return ScimFilterParser.RULE_valueAttributeTerm

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitValueAttributeTerm" ):
                return visitor.visitValueAttributeTerm(self)
            else:
                return visitor.visitChildren(self)




    def valueAttributeTerm(self):

        localctx = ScimFilterParser.ValueAttributeTermContext(self, self._ctx, self.state)
        self.enterRule(localctx, 26, self.RULE_valueAttributeTerm)
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 118
            self.match(ScimFilterParser.PATH)
            self.state = 119
            self.condition()
        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx


    class LiteralContext(RuleContext):
        __slots__ = 'parser'

        def __init__(self, parser, parent:ParserRuleContext=None, invokingState:int=-1):
            super().__init__(parent, invokingState)
            self.parser = parser

        def STRING(self):
            return self.getToken(ScimFilterParser.STRING, 0)

        def NUMBER(self):
            return self.getToken(ScimFilterParser.NUMBER, 0)

        def TRUE(self):
            return self.getToken(ScimFilterParser.TRUE, 0)

        def FALSE(self):
            return self.getToken(ScimFilterParser.FALSE, 0)

        def NULL(self):
            return self.getToken(ScimFilterParser.NULL, 0)

        def PATH(self):
            return self.getToken(ScimFilterParser.PATH, 0)

        def URI(self):
            return self.getToken(ScimFilterParser.URI, 0)

        def SUB_ATTRIBUTE(self):
            return self.getToken(ScimFilterParser.SUB_ATTRIBUTE, 0)

        def QUOTED(self):
            return self.getToken(ScimFilterParser.QUOTED, 0)

        def WORD(self):
            return self.getToken(ScimFilterParser.WORD, 0)

        def getRuleIndex(self):
            return ScimFilterParser.RULE_literal

        def accept(self, visitor:ParseTreeVisitor):
            if hasattr( visitor, "visitLiteral" ):
                return visitor.visitLiteral(self)
            else:
                return visitor.visitChildren(self)




    def literal(self):

        localctx = ScimFilterParser.LiteralContext(self, self._ctx, self.state)
        self.enterRule(localctx, 28, self.RULE_literal)
        self._la = 0 # Token type
        try:
            self.enterOuterAlt(localctx, 1)
            self.state = 121
            _la = self._input.LA(1)
            if not((((_la) & ~0x3f) == 0 and ((1 << _la) & 65472) != 0)):
                self._errHandler.recoverInline(self)
            else:
                self._errHandler.reportMatch(self)
                self.consume()
        except RecognitionException as re:
            localctx.exception = re
            self._errHandler.reportError(self, re)
            self._errHandler.recover(self, re)
        finally:
            self.exitRule()
        return localctx





